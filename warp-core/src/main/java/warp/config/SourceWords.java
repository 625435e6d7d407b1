package warp.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warp.config.SourceOptions.WalAction;
import warp.error.ErrorCode;
import warp.error.WarpException;

/** Reads what is asked for to spare the source; switch and config file alike. */
public final class SourceWords {

    /** The names, as switch and config file spell them, without dashes. */
    static final String MAX_SOURCE_WAL = "max-source-wal";

    static final String MAX_SOURCE_WAL_ACTION = "max-source-wal-action";
    static final String MAX_LOAD = "max-load";
    static final String MAX_REPLICA_LAG = "max-replica-lag";
    static final String THROTTLE_QUERY = "throttle-query";
    static final String THROTTLE = "throttle";

    /** Less a slot never holds back, with segments of 16 MB. */
    private static final ByteSize WAL_LEAST = ByteSize.megabytes(16);

    private static final ByteSize RATE_LEAST = new ByteSize(64 << 10);
    private static final TimeSpan LAG_LEAST = TimeSpan.seconds(1);
    private static final int SESSIONS_MOST = 100_000;

    /** Where the words stand. */
    public interface Place {
        /** What stands there under the name. */
        Optional<String> value(String name);

        /** How an error calls it: {@code --max-load}. */
        String called(String name);

        /** The error with what else is known of the place. */
        WarpException placed(String name, WarpException wrong);
    }

    private final Place place;
    private final ErrorCode code;

    private SourceWords(Place place, ErrorCode code) {
        this.place = place;
        this.code = code;
    }

    /**
     * Reads them.
     *
     * @param code of the error where a value is wrong
     */
    public static SourceOptions read(Place place, ErrorCode code) {
        SourceWords words = new SourceWords(place, code);
        return new SourceOptions(
                words.size(MAX_SOURCE_WAL, WAL_LEAST),
                words.value(MAX_SOURCE_WAL_ACTION, words::action),
                words.value(MAX_LOAD, words::sessions),
                words.value(
                        MAX_REPLICA_LAG,
                        text ->
                                TimeSpan.parse(
                                        text, place.called(MAX_REPLICA_LAG), LAG_LEAST, code)),
                words.value(THROTTLE_QUERY, words::query),
                words.value(THROTTLE, words::rate));
    }

    private <T> @Nullable T value(String name, Function<String, T> parser) {
        Optional<String> text = place.value(name);
        if (text.isEmpty()) {
            return null;
        }
        try {
            return parser.apply(text.get().strip());
        } catch (WarpException wrong) {
            throw place.placed(name, wrong);
        }
    }

    private @Nullable ByteSize size(String name, ByteSize least) {
        return value(name, text -> ByteSize.parse(text, place.called(name), least, code));
    }

    private WalAction action(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "stop" -> WalAction.STOP;
            case "drop" -> WalAction.DROP;
            default -> throw wrong(MAX_SOURCE_WAL_ACTION, "stop or drop");
        };
    }

    private Integer sessions(String text) {
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) > SESSIONS_MOST) {
            throw wrong(MAX_LOAD, "a number of active sessions from 0 to 100000, such as 50");
        }
        return Integer.valueOf(text);
    }

    private ByteSize rate(String text) {
        try {
            String size = text.replaceFirst("\\s*/\\s*s$", "");
            return ByteSize.parse(size, place.called(THROTTLE), RATE_LEAST, code);
        } catch (WarpException noSize) {
            throw wrong(THROTTLE, "a rate of at least " + RATE_LEAST + "/s, such as 20MB/s");
        }
    }

    private String query(String text) {
        if (text.isEmpty()) {
            throw wrong(
                    THROTTLE_QUERY,
                    "a query that gives true or a number, such as 'SELECT count(*) > 10 FROM"
                            + " public.jobs'");
        }
        return text;
    }

    private WarpException wrong(String name, String needed) {
        return new WarpException(code, place.called(name) + " needs " + needed);
    }
}
