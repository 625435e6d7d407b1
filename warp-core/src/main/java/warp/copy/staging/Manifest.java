package warp.copy.staging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import warp.error.ErrorCode;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.TableName;

/**
 * What a directory's files are: one snapshot of one migration's tables. Written before the first
 * file and replaced once, as a whole, when all rows are read; which chunks are there, the files
 * themselves tell. JSON, one object a line, the last with the checksum of those before.
 *
 * @param complete whether every chunk had been read: what is missing then was lost or is loaded
 * @param tables in the order that gives the files their names
 */
public record Manifest(
        StagedMigration migration, Lsn snapshot, boolean complete, List<StagedTable> tables) {

    private static final int VERSION = 1;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * A table whose rows are in the files.
     *
     * @param name at the source
     * @param receiver the destination's table
     * @param shared whether other tables have the same receiver
     * @param bytes what it takes at the source
     * @param chunks their number, at least 1
     */
    public record StagedTable(
            TableName name, TableName receiver, boolean shared, long bytes, int chunks) {}

    public Manifest {
        tables = List.copyOf(tables);
    }

    Manifest completed() {
        return new Manifest(migration, snapshot, true, tables);
    }

    void write(Path folder) {
        Path file = StagingDirectory.manifestOf(folder);
        Path draft = StagingDirectory.draftOf(file);
        ByteBuffer bytes = ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = HostFiles.create(draft)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException problem) {
            throw HostFiles.failure(draft, "cannot be written", problem);
        }
        FaultPoint.MANIFEST_WRITTEN.before();
        HostFiles.rename(draft, file);
        HostFiles.syncFolder(folder);
        FaultPoint.MANIFEST_WRITTEN.after();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                JSON.createObjectNode()
                        .put("version", VERSION)
                        .put("system", migration.system())
                        .put("database", migration.database())
                        .put("slot", migration.slot())
                        .put("snapshot", snapshot.toString())
                        .put("complete", complete));
        for (StagedTable table : tables) {
            line(
                    text,
                    JSON.createObjectNode()
                            .put("schema", table.name().schema())
                            .put("table", table.name().name())
                            .put("to_schema", table.receiver().schema())
                            .put("to_table", table.receiver().name())
                            .put("shared", table.shared())
                            .put("bytes", table.bytes())
                            .put("chunks", table.chunks()));
        }
        line(text, JSON.createObjectNode().put("crc32c", checksum(text.toString())));
        return text.toString();
    }

    private static void line(StringBuilder text, JsonNode line) {
        text.append(JSON.writeValueAsString(line)).append('\n');
    }

    private static String checksum(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }

    /**
     * Reads it; empty where there is none.
     *
     * @throws WarpException STATE where it is damaged or of another version
     */
    static Optional<Manifest> read(Path folder) {
        Path file = StagingDirectory.manifestOf(folder);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(Files.readString(file)));
        } catch (IOException | JacksonException | IllegalArgumentException problem) {
            throw new WarpException(
                            ErrorCode.STATE,
                            "%s is damaged: nobody knows what the files beside it are"
                                    .formatted(file),
                            problem)
                    .hint("If they are not needed: rm -r " + folder)
                    .hint("Then run the same command again: the rows are read again.");
        }
    }

    private static Manifest parse(String text) {
        int last = text.lastIndexOf('\n', text.length() - 2) + 1;
        if (!text.endsWith("\n")
                || !word(JSON.readTree(text.substring(last)), "crc32c")
                        .equals(checksum(text.substring(0, last)))) {
            throw new IllegalArgumentException("the checksum is wrong");
        }
        List<String> lines = text.substring(0, last).lines().toList();
        JsonNode head = JSON.readTree(lines.getFirst());
        if (number(head, "version") != VERSION) {
            throw new IllegalArgumentException("of another version of Warp");
        }
        List<StagedTable> tables = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            JsonNode table = JSON.readTree(line);
            tables.add(
                    new StagedTable(
                            new TableName(word(table, "schema"), word(table, "table")),
                            new TableName(word(table, "to_schema"), word(table, "to_table")),
                            table.required("shared").booleanValue(),
                            table.required("bytes").longValue(),
                            number(table, "chunks")));
        }
        return new Manifest(
                new StagedMigration(
                        word(head, "system"), word(head, "database"), word(head, "slot")),
                Lsn.parse(word(head, "snapshot")),
                head.required("complete").booleanValue(),
                tables);
    }

    private static String word(JsonNode node, String name) {
        return node.required(name).stringValue();
    }

    private static int number(JsonNode node, String name) {
        return node.required(name).intValue();
    }
}
