package warp.preflight;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether values of one type, as texts, are values of another: by the names of the types. */
enum TypeFit {
    /** Every value fits. */
    FITS,
    /** Some values may be refused or changed. */
    MAY_FIT,
    /** Hardly any value is accepted. */
    UNFIT;

    private static final Pattern NAME =
            Pattern.compile(
                    "(?<base>[^(\\[]+?)(?<modifier>\\([^)]*\\))?(?<zone> with(?:out)?"
                            + " time zone)?(?<array>(\\[\\])*)");

    /** Each list from the narrower to the wider. */
    private static final List<List<String>> WIDENING =
            List.of(
                    List.of("smallint", "integer", "bigint", "numeric"),
                    List.of("real", "double precision"),
                    List.of("cidr", "inet"));

    private static final List<List<String>> FAMILIES =
            List.of(
                    List.of(
                            "smallint",
                            "integer",
                            "bigint",
                            "numeric",
                            "real",
                            "double precision",
                            "oid"),
                    List.of("text", "character varying", "character", "name", "public.citext"),
                    List.of("date", "timestamp without time zone", "timestamp with time zone"),
                    List.of("time without time zone", "time with time zone"),
                    List.of("json", "jsonb"),
                    List.of("inet", "cidr"),
                    List.of("macaddr", "macaddr8"),
                    List.of("bit", "bit varying"));

    /**
     * @param from a name by {@code format_type}, as {@link warp.model.Column#typeName}
     */
    static TypeFit of(String from, String to) {
        if (from.equals(to)) {
            return FITS;
        }
        Matcher source = NAME.matcher(from);
        Matcher destination = NAME.matcher(to);
        if (!source.matches() || !destination.matches()) {
            return UNFIT;
        }
        if (isText(to)) {
            return FITS;
        }
        if (!group(source, "array").equals(group(destination, "array"))) {
            return UNFIT;
        }
        return ofBases(
                base(source),
                group(source, "modifier"),
                base(destination),
                group(destination, "modifier"));
    }

    private static TypeFit ofBases(String from, String fromModifier, String to, String toModifier) {
        boolean unlimited = toModifier.isEmpty();
        if (from.equals(to)) {
            return unlimited && !to.equals("character") ? FITS : widths(fromModifier, toModifier);
        }
        for (List<String> order : WIDENING) {
            int narrow = order.indexOf(from);
            if (narrow >= 0 && order.indexOf(to) > narrow && unlimited) {
                return FITS;
            }
        }
        boolean related =
                FAMILIES.stream().anyMatch(family -> family.contains(from) && family.contains(to));
        boolean textual = to.equals("character varying") || to.equals("public.citext");
        return related || textual ? MAY_FIT : UNFIT;
    }

    /** {@code (10)} into {@code (20)}; precision and scale are compared by none. */
    private static TypeFit widths(String from, String to) {
        if (from.matches("\\(\\d+\\)") && to.matches("\\(\\d+\\)")) {
            return width(from) <= width(to) ? FITS : MAY_FIT;
        }
        return MAY_FIT;
    }

    private static int width(String modifier) {
        return Integer.parseInt(modifier.substring(1, modifier.length() - 1));
    }

    private static boolean isText(String type) {
        return type.equals("text") || type.equals("character varying");
    }

    private static String base(Matcher name) {
        return name.group("base") + group(name, "zone");
    }

    private static String group(Matcher name, String group) {
        String text = name.group(group);
        return text == null ? "" : text;
    }
}
