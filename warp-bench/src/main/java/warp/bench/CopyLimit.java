package warp.bench;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * What the servers themselves need for a copy: processor time of COPY out, COPY in and the keys,
 * table after table, in the cheaper of the two formats. No client can be quicker than that time
 * spread evenly over all cores, its own work being nothing.
 *
 * @param kept as of {@link CopyContestants}
 */
record CopyLimit(Servers servers, String source, Content content, boolean kept, PrintStream err) {

    private static final String DATABASE = "copied_plainly";
    private static final List<String> FORMATS = List.of("text", "binary");

    private static final String TABLES =
            """
            SELECT c.oid::regclass::text FROM pg_class c
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
            """;

    Report.Limit find() throws SQLException {
        int cores = Runtime.getRuntime().availableProcessors();
        double least = Double.POSITIVE_INFINITY;
        String meaning = "";
        for (String format : FORMATS) {
            err.println("bench: looking for the limit: plain COPY, format " + format);
            CpuSeconds cpu = copy(format);
            double seconds = (cpu.source() + cpu.destination()) / cores;
            if (seconds < least) {
                least = seconds;
                meaning =
                        "the servers' processor time for COPY out (%.2f s), and COPY in and keys (%.2f s), format %s, over %d cores"
                                .formatted(cpu.source(), cpu.destination(), format, cores);
            }
        }
        return new Report.Limit(least, meaning);
    }

    private CpuSeconds copy(String format) throws SQLException {
        Servers.drop(servers.destination(), DATABASE);
        servers.destination().createDatabase(DATABASE);
        servers.destination().execute(DATABASE, content.tables().toArray(String[]::new));
        servers.settle();
        CpuSeconds before = CpuSeconds.now(servers.source(), servers.destination());
        try (Connection from = servers.source().connect(source);
                Connection to = servers.destination().connect(DATABASE)) {
            for (String table : tables(from)) {
                pass(
                        copyManager(from).copyOut(sql("COPY %s TO STDOUT", table, format)),
                        copyManager(to).copyIn(sql("COPY %s FROM STDIN", table, format)));
            }
        }
        servers.destination().execute(DATABASE, content.keys().toArray(String[]::new));
        CpuSeconds cpu = CpuSeconds.now(servers.source(), servers.destination()).minus(before);
        if (kept) {
            Servers.setAside(servers.destination(), DATABASE);
        } else {
            Servers.drop(servers.destination(), DATABASE);
        }
        return cpu;
    }

    private static String sql(String form, String table, String format) {
        return form.formatted(table) + " (FORMAT %s)".formatted(format);
    }

    private static CopyManager copyManager(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }

    private static void pass(CopyOut out, CopyIn in) throws SQLException {
        byte[] row;
        while ((row = out.readFromCopy()) != null) {
            in.writeToCopy(row, 0, row.length);
        }
        in.endCopy();
    }

    private static List<String> tables(Connection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }
}
