package warp.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A table of figures, each measured once. */
record FigureReport(Circumstances about, List<Column> columns, List<Row> rows) implements Outcome {

    /**
     * A kind of figure.
     *
     * @param form of {@link String#format} for it
     */
    record Column(String title, String form) {}

    /**
     * What was measured.
     *
     * @param figures one for each column; NaN where there is none
     * @param load of the machine before it began
     * @param failure why it does not count; null when the whole job was done
     */
    record Row(String what, List<Double> figures, double load, @Nullable String failure) {

        Row {
            figures = List.copyOf(figures);
        }
    }

    FigureReport {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    @Override
    public boolean complete() {
        return rows.stream().allMatch(row -> row.failure() == null);
    }

    @Override
    public String table() {
        String loads =
                rows.stream()
                        .map(row -> "%.1f".formatted(row.load()))
                        .collect(Collectors.joining(", "));
        StringBuilder text = new StringBuilder(about.head(loads + " before each"));
        text.append("| what |");
        columns.forEach(column -> text.append(" %s |".formatted(column.title())));
        text.append("%n|---|%s%n".formatted("--:|".repeat(columns.size())));
        rows.forEach(row -> text.append(line(row)));
        return text.toString();
    }

    private String line(Row row) {
        String cells =
                IntStream.range(0, columns.size())
                        .mapToObj(i -> cell(columns.get(i), row.figures().get(i)))
                        .collect(Collectors.joining(" | "));
        String what = row.failure() == null ? row.what() : row.what() + " (FAILED)";
        return "| %s | %s |%n".formatted(what, cells);
    }

    private static String cell(Column column, double figure) {
        return Double.isNaN(figure) ? "–" : String.format(Locale.ROOT, column.form(), figure);
    }

    @Override
    public List<Path> write(Path folder) throws IOException {
        return List.of(about.write(folder, this));
    }
}
