package warp.console;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import warp.progress.Prompt;

/** Answers from a list, in order; afterwards the input has ended. Remembers the questions. */
final class ScriptedPrompt implements Prompt {

    private final Deque<String> answers;
    private final List<String> questions = new ArrayList<>();

    ScriptedPrompt(String... answers) {
        this.answers = new ArrayDeque<>(List.of(answers));
    }

    List<String> questions() {
        return questions;
    }

    int unused() {
        return answers.size();
    }

    @Override
    public boolean confirm(String question) {
        return line(question).filter("yes"::equals).isPresent();
    }

    @Override
    public Optional<String> line(String question) {
        questions.add(question);
        return Optional.ofNullable(answers.poll());
    }

    @Override
    public Optional<String> secret(String question) {
        return line("(hidden) " + question);
    }
}
