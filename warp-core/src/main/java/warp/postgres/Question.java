package warp.postgres;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query with its arguments, for {@link Session#answers}.
 *
 * @param sql one statement
 * @param arguments as for {@link Session#query}
 */
public record Question(String sql, List<@Nullable Object> arguments) {

    public Question {
        arguments = Collections.unmodifiableList(arguments);
    }

    public static Question of(String sql, @Nullable Object... arguments) {
        return new Question(sql, Arrays.asList(arguments));
    }
}
