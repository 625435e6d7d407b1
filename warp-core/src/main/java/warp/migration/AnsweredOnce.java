package warp.migration;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import warp.progress.Prompt;

/**
 * Asks a person once: what was answered with yes is not asked again in the same words, when an
 * attempt is repeated after a failure. A question in other words is another one.
 */
final class AnsweredOnce implements Prompt {

    private final Prompt prompt;
    private final Set<String> agreed = ConcurrentHashMap.newKeySet();

    AnsweredOnce(Prompt prompt) {
        this.prompt = prompt;
    }

    @Override
    public boolean confirm(String question) {
        if (agreed.contains(question)) {
            return true;
        }
        boolean yes = prompt.confirm(question);
        if (yes) {
            agreed.add(question);
        }
        return yes;
    }

    @Override
    public Optional<String> line(String question) {
        return prompt.line(question);
    }

    @Override
    public Optional<String> secret(String question) {
        return prompt.secret(question);
    }
}
