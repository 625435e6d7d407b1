package warp.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import warp.error.ErrorCode;
import warp.error.ErrorCode.Retry;

/** Every SQLSTATE of the manual's appendix "PostgreSQL Error Codes" has been decided on. */
class ServerErrorsTest {

    /** What each code means where it is not STATEMENT: that the statement is at fault. */
    private static final String DECIDED =
            """
            CONNECTION   08000 08001 08003 08004 08006 08007 08P01
            CONNECTION   53300 57000 57P01 57P02 57P03 57P05
            TRANSIENT    25P03 25P04 40000 40001 40003 40P01
            TRANSIENT    53000 53200 55006 55P03 57014 58000 58030 72000
            READ_ONLY    25006
            LOGIN        28000 28P01 3D000 57P04
            OUT_OF_SPACE 53100
            PRIVILEGE    42501
            """;

    private static final String STATEMENT =
            """
            03000 09000 0A000 0B000 0F000 0F001 0L000 0LP01 0P000 0Z000 0Z002 10608 20000 21000
            22000 2202E 22021 22008 22012 22005 2200B 22022 22015 2201E 22014 22016 2201F 2201G
            22018 22007 22019 2200D 22025 22P06 22010 22023 22013 2201B 2201W 2201X 2202H 2202G
            22009 2200C 2200G 22004 22002 22003 2200H 22026 22001 22011 22027 22024 2200F 22P01
            22P02 22P03 22P04 22P05 2200L 2200M 2200N 2200S 2200T 22030 22031 22032 22033 22034
            22035 22036 22037 22038 22039 2203A 2203B 2203C 2203D 2203E 2203F 2203G
            23000 23001 23502 23503 23505 23514 23P01 24000
            25000 25001 25002 25008 25003 25004 25005 25007 25P01 25P02
            26000 27000 2B000 2BP01 2D000 2F000 2F005 2F002 2F003 2F004 34000
            38000 38001 38002 38003 38004 39000 39001 39004 39P01 39P02 39P03 3B000 3B001 3F000
            40002
            42000 42601 42846 42803 42P20 42P19 42830 42602 42622 42939 42804 42P18 42P21 42P22
            42809 428C9 42703 42883 42P01 42P02 42704 42701 42P03 42P04 42723 42P05 42P06 42P07
            42712 42710 42702 42725 42P08 42P09 42P10 42611 42P11 42P12 42P13 42P14 42P15 42P16
            42P17 44000
            53400 54000 54001 54011 54023 55000 55P02 55P04 58P01 58P02 58P03
            F0000 F0001
            HV000 HV005 HV002 HV010 HV021 HV024 HV007 HV008 HV004 HV006 HV091 HV00B HV00C HV00D
            HV090 HV00A HV009 HV014 HV001 HV00P HV00J HV00K HV00Q HV00R HV00L HV00M HV00N
            P0000 P0001 P0002 P0003 P0004 XX000 XX001 XX002
            """;

    private static Map<String, ErrorCode> table() {
        Map<String, ErrorCode> table = new HashMap<>();
        DECIDED.lines()
                .forEach(line -> {
                    String[] words = line.split(" +");
                    Arrays.stream(words)
                            .skip(1)
                            .forEach(state -> table.put(state, ErrorCode.valueOf(words[0])));
                });
        Arrays.stream(STATEMENT.split("\\s+"))
                .forEach(state ->
                        assertThat(table.put(state, ErrorCode.STATEMENT)).as(state).isNull());
        return table;
    }

    @Test
    void everyCodeOfTheManual_isClassedAsDecided() {
        Map<String, ErrorCode> table = table();
        assertThat(table).hasSizeGreaterThan(240);
        table.forEach((state, code) ->
                assertThat(ServerErrors.classify(state)).as(state).isEqualTo(code));
    }

    @Test
    void whatPassesByItself_isTriedAgain_whatAPersonMustMend_isNot() {
        Set<String> again =
                table().entrySet().stream()
                        .filter(each -> each.getValue().retry() == Retry.LATER)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toCollection(HashSet::new));
        assertThat(again)
                .contains("57P01", "57P02", "57P03", "53300", "25006", "40P01", "57014", "08006")
                .doesNotContain("53100", "42501", "28P01", "3D000", "58P01", "XX001", "XX000")
                .hasSize(28);
    }

    @Test
    void codesThatNobodyKnows_areTheStatementsFault_butForTheirClass() {
        assertThat(ServerErrors.classify("08XYZ")).isEqualTo(ErrorCode.CONNECTION);
        assertThat(ServerErrors.classify("57XYZ")).isEqualTo(ErrorCode.CONNECTION);
        assertThat(ServerErrors.classify("28XYZ")).isEqualTo(ErrorCode.LOGIN);
        assertThat(ServerErrors.classify("99999")).isEqualTo(ErrorCode.STATEMENT);
        assertThat(ServerErrors.classify("")).isEqualTo(ErrorCode.STATEMENT);
    }
}
