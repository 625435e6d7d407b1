package warp.copy.staging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import warp.model.Lsn;
import warp.model.TableName;
import warp.sql.CopyStatements.Format;

/**
 * What a file says of its rows: whose they are and how to load them. Nothing else is needed for
 * that, neither the source nor its catalog.
 *
 * @param migration whose rows these are
 * @param snapshot the position as of which they were read
 * @param table name at the source
 * @param number of the chunk within the table, from 0
 * @param format of the COPY that gave them
 * @param columns the destination's columns that receive the values, in order
 */
public record ChunkHeader(
        StagedMigration migration,
        Lsn snapshot,
        TableName table,
        int number,
        Format format,
        List<String> columns) {

    /** A table has at most 1,600 columns with names of some hundred bytes. */
    static final int BYTES_MAX = 1 << 20;

    public ChunkHeader {
        columns = List.copyOf(columns);
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            text(out, migration.system());
            text(out, migration.database());
            text(out, migration.slot());
            text(out, snapshot.toString());
            text(out, table.schema());
            text(out, table.name());
            out.writeInt(number);
            text(out, format.name());
            out.writeInt(columns.size());
            for (String column : columns) {
                text(out, column);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Of bytes whose checksum was right: what does not fit is a defect of the writer. */
    static ChunkHeader decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        StagedMigration migration = new StagedMigration(text(in), text(in), text(in));
        Lsn snapshot = Lsn.parse(text(in));
        TableName table = new TableName(text(in), text(in));
        int number = in.readInt();
        Format format = Format.valueOf(text(in));
        List<String> columns = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            columns.add(text(in));
        }
        return new ChunkHeader(migration, snapshot, table, number, format, columns);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
