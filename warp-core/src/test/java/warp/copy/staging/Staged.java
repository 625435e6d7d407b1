package warp.copy.staging;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import warp.copy.staging.Manifest.StagedTable;
import warp.model.Lsn;
import warp.model.TableName;
import warp.progress.Progress;
import warp.sql.CopyStatements.Format;

/** A directory of files as a copy would make it, without servers. */
final class Staged {

    static final StagedMigration MIGRATION = new StagedMigration("7301", "shop", "citus_warp");
    static final Lsn SNAPSHOT = Lsn.parse("16/B374D848");
    static final TableName TABLE = new TableName("public", "Täble; \"x\"\n");
    static final TableName OTHER = new TableName("public", "other");

    private Staged() {}

    static Manifest manifest() {
        return new Manifest(
                MIGRATION,
                SNAPSHOT,
                false,
                List.of(
                        new StagedTable(OTHER, OTHER, true, 10, 1),
                        new StagedTable(TABLE, OTHER, true, 1L << 40, 3)));
    }

    static StagedFiles files(Path folder, long bytesMax, Progress progress) {
        return StagingDirectory.open(folder, "citus_warp").begin(manifest(), bytesMax, progress);
    }

    static ChunkHeader header(StagedFiles files, TableName table, int chunk) {
        return files.header(table, chunk, Format.TEXT, List.of("id", "Cölumn \"2\""));
    }

    /** Writes a chunk's file, in pieces as they would come from a socket. */
    static void write(StagedFiles files, TableName table, int chunk, byte[] rows, int piece) {
        try (ChunkFileWriter writer = files.write(header(files, table, chunk), rows.length)) {
            for (int from = 0; from < rows.length; from += piece) {
                writer.write(rows, from, Math.min(piece, rows.length - from));
            }
            writer.finish(rows.length / 10);
        }
    }

    /** Reads a chunk's file to its end. */
    static byte[] read(StagedFiles files, TableName table, int chunk) {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        try (ChunkFileReader reader = files.read(table, chunk)) {
            for (int length = reader.next(); length >= 0; length = reader.next()) {
                rows.write(reader.bytes(), 0, length);
            }
            if (reader.rows() != rows.size() / 10) {
                throw new AssertionError("rows: " + reader.rows());
            }
        }
        return rows.toByteArray();
    }
}
