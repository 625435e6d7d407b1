package warp.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeFitTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "integer | integer | FITS",
                "integer | bigint | FITS",
                "integer[] | bigint[] | FITS",
                "bigint | integer | MAY_FIT",
                "integer | numeric(3,1) | MAY_FIT",
                "numeric(10,2) | numeric | FITS",
                "numeric | numeric(10,2) | MAY_FIT",
                "character varying(5) | character varying(10) | FITS",
                "character varying(10) | character varying(5) | MAY_FIT",
                "character varying(10) | text | FITS",
                "text | character varying(10) | MAY_FIT",
                "character(3) | character(2) | MAY_FIT",
                "uuid | text | FITS",
                "uuid | character varying(10) | MAY_FIT",
                "text | uuid | UNFIT",
                "integer | integer[] | UNFIT",
                "json | jsonb | MAY_FIT",
                "timestamp(3) without time zone | timestamp without time zone | FITS",
                "timestamp without time zone | timestamp(3) without time zone | MAY_FIT",
                "timestamp without time zone | timestamp with time zone | MAY_FIT",
                "cidr | inet | FITS",
                "inet | cidr | MAY_FIT",
                "boolean | integer | UNFIT",
                "public.mood | public.other | UNFIT",
                "public.mood | text | FITS",
            })
    void types_fitByTheirNames(String from, String to, TypeFit expected) {
        assertThat(TypeFit.of(from, to)).isEqualTo(expected);
    }
}
