package warp.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

    private static final List<String> WORDS = List.of("host", "port", "password", "sslmode");

    @Test
    void mistypedWord_isRecognised() {
        assertThat(Nearest.to("hots", WORDS)).contains("host");
        assertThat(Nearest.to("PASWORD", WORDS)).contains("password");
        assertThat(Nearest.to("sslmdoe", WORDS)).contains("sslmode");
    }

    @Test
    void foreignWord_isNotRecognised() {
        assertThat(Nearest.to("elephant", WORDS)).isEmpty();
        assertThat(Nearest.to("", WORDS)).isEmpty();
    }
}
