package warp.postgres;

import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.sql.LoadStatements;

/** A query of the user's that tells whether the source is too busy. */
public final class ThrottleQuery {

    private ThrottleQuery() {}

    /**
     * What it gave.
     *
     * @param text as the server printed it
     * @param holds whether it asks to pause
     */
    public record Answer(String text, boolean holds) {}

    /**
     * Asks it. It may neither write nor take long.
     *
     * @throws WarpException where it fails, or gives what is neither true nor false nor a number
     */
    public static Answer ask(Session source, String query) {
        Row row =
                source.transaction(() -> {
                    source.run(LoadStatements.CAREFULLY);
                    return source.queryOne(LoadStatements.answer(query));
                });
        String text = row.optionalText("answer").orElse("null");
        return switch (text) {
            case "true", "t" -> new Answer("true", true);
            case "false", "f", "null" -> new Answer(text, false);
            default -> new Answer(text, number(text) != 0);
        };
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException neither) {
            throw new WarpException(
                            ErrorCode.STATEMENT,
                            "the query gives neither true nor false nor a number")
                    .at(Side.SOURCE)
                    .hint("Such as: SELECT count(*) > 10 FROM public.jobs WHERE waiting");
        }
    }
}
