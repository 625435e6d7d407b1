package warp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Keyless;

/** {@code rules:} of a config file. */
class RuleReaderTest {

    private static final Path FILE = Path.of("shop.yaml");

    private static List<Rule> read(String yaml) {
        YamlNode root = YamlDocument.read(FILE, yaml);
        return new RuleReader(FILE).read(((YamlNode.Mapping) root).entries().get("rules"));
    }

    @Test
    void everyKey_isRead() {
        List<Rule> rules =
                read(
                        """
                        rules:
                          - table: public.orders
                            where: region = 'eu'
                            exclude-columns: [secret, "Other"]
                            to: sales.*
                            rename: {note: remark}
                            keyless: unique-index orders_code
                          - {table: log, columns: line, keyless: inserts-only}
                        """);

        assertThat(rules)
                .containsExactly(
                        new Rule(
                                "shop.yaml, line 2",
                                "public.orders",
                                "region = 'eu'",
                                List.of(),
                                List.of("secret", "Other"),
                                "sales.*",
                                Map.of("note", "remark"),
                                new Keyless.UniqueIndex("orders_code")),
                        new Rule(
                                "shop.yaml, line 8",
                                "log",
                                null,
                                List.of("line"),
                                List.of(),
                                null,
                                Map.of(),
                                new Keyless.InsertsOnly()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules: orders | line 1: key \"rules\" needs a list",
                "rules: [orders] | line 1: a rule is a mapping",
                "rules: [{where: a}] | line 1: a rule needs \"table\"",
                "rules: [{table: a}] | line 1: the rule for a says nothing",
                "rules: [{table: a, wher: b}] | line 1: unknown key \"wher\" in a rule",
                "rules: [{table: a, where: }] | line 1: key \"where\" needs one value",
                "rules: [{table: a, columns: []}] | line 1: key \"columns\" needs a list",
                "rules: [{table: a, rename: [b]}] | line 1: key \"rename\" needs a mapping",
                "rules: [{table: a, rename: {b: }}] | line 1: column \"b\" needs a new name",
                "rules: [{table: a, keyless: skip}] | line 1: key \"keyless\" needs unique-index",
                "rules: [{table: a, columns: b, exclude-columns: c}] | exclude each other"
            })
    void mistake_isNamedWithItsLine(String yaml, String said) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOfSatisfying(
                        WarpException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG))
                .hasMessageContaining(said);
    }

    @Test
    void examplesOfTheManual_areUnderstood() throws IOException {
        Path page = Path.of("../docs/rules.md");
        String text = Files.readString(Files.exists(page) ? page : Path.of("docs/rules.md"));
        String example = text.substring(text.indexOf("```yaml") + 7, text.indexOf("```\n\n"));

        assertThat(read(example)).hasSize(4);
    }

    @Test
    void noRules_areNone() {
        assertThat(read("rules:\n")).isEmpty();
        assertThat(read("slot: x\n")).isEmpty();
    }
}
