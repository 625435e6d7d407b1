package warp.config;

/** A password as a file or a program writes it. */
final class PasswordText {

    private PasswordText() {}

    /** The text without the one line end that editors and programs put after it. */
    static String withoutLineEnd(String text) {
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
