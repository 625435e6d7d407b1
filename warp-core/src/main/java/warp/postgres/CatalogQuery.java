package warp.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warp.model.ServerVersion;

/**
 * A query kept in a {@code .sql} file, one file for all versions: a line that ends in {@code --12+}
 * is only for PostgreSQL 12 and later, one that ends in {@code --<12} only for those before. Lines
 * that are only a comment are left out. Immutable; for any thread.
 */
public final class CatalogQuery {

    private static final Pattern CONDITION =
            Pattern.compile("--(?:(?<from>\\d+(?:\\.\\d+)?)\\+|<(?<before>\\d+(?:\\.\\d+)?))$");

    private final List<String> lines;

    private CatalogQuery(List<String> lines) {
        this.lines = lines;
    }

    /**
     * Reads {@code name.sql}, which stands beside the class.
     *
     * @throws IllegalArgumentException where there is no such file
     */
    public static CatalogQuery of(Class<?> beside, String name) {
        try (InputStream file = beside.getResourceAsStream(name + ".sql")) {
            if (file == null) {
                throw new IllegalArgumentException("no query " + name + " beside " + beside);
            }
            return parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    static CatalogQuery parse(String text) {
        return new CatalogQuery(
                text.lines()
                        .map(String::stripTrailing)
                        .filter(line -> !line.isBlank())
                        .filter(line -> !line.stripLeading().startsWith("-- "))
                        .toList());
    }

    /** The text for a server of this version. */
    public String textFor(ServerVersion version) {
        return lines.stream()
                .filter(line -> holdsFor(line, version))
                .map(line -> CONDITION.matcher(line).replaceFirst("").stripTrailing())
                .collect(Collectors.joining("\n"));
    }

    /** It, to be asked together with others; see {@link Session#answers}. */
    public Question question(Session session, @Nullable Object... arguments) {
        return Question.of(textFor(session.version()), arguments);
    }

    /** Runs it; see {@link Session#query}. */
    public List<Row> rows(Session session, @Nullable Object... arguments) {
        return session.query(textFor(session.version()), arguments);
    }

    /** Runs it and keeps only what {@code reader} makes of each row. */
    public <T> List<T> each(
            Session session, Function<Row, T> reader, @Nullable Object... arguments) {
        return session.queryEach(reader, textFor(session.version()), arguments);
    }

    /** Runs it for its first row. */
    public Optional<Row> firstRow(Session session, @Nullable Object... arguments) {
        return session.queryFirst(textFor(session.version()), arguments);
    }

    /** Runs it for the only row, which it always has. */
    public Row onlyRow(Session session, @Nullable Object... arguments) {
        return session.queryOne(textFor(session.version()), arguments);
    }

    private static boolean holdsFor(String line, ServerVersion version) {
        Matcher condition = CONDITION.matcher(line);
        if (!condition.find()) {
            return true;
        }
        String from = condition.group("from");
        return from != null
                ? isAtLeast(version, from)
                : !isAtLeast(version, condition.group("before"));
    }

    private static boolean isAtLeast(ServerVersion version, String wanted) {
        int dot = wanted.indexOf('.');
        return dot < 0
                ? version.atLeast(Integer.parseInt(wanted))
                : version.atLeast(
                        Integer.parseInt(wanted.substring(0, dot)),
                        Integer.parseInt(wanted.substring(dot + 1)));
    }
}
