package warp.cli;

import java.util.Optional;
import warp.progress.Prompt;

/** Says for which of several migrations a question is. */
record NamedPrompt(String name, Prompt prompt) implements Prompt {

    @Override
    public boolean confirm(String question) {
        return prompt.confirm(named(question));
    }

    @Override
    public Optional<String> line(String question) {
        return prompt.line(named(question));
    }

    @Override
    public Optional<String> secret(String question) {
        return prompt.secret(named(question));
    }

    private String named(String question) {
        return "[" + name + "] " + question;
    }
}
