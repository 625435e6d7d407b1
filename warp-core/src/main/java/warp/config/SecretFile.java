package warp.config;

import java.nio.file.Path;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

/** A file that holds nothing but a password, read for every connection. */
record SecretFile(Side side, Path file) implements PasswordSource {

    @Override
    public String current() {
        String text;
        try {
            text = TextFile.read(file);
        } catch (WarpException unreadable) {
            throw unreadable.at(side).hint("ls -l " + file);
        }
        String password = PasswordText.withoutLineEnd(text);
        if (password.isEmpty() || password.indexOf('\n') >= 0) {
            throw new WarpException(
                            ErrorCode.FILE,
                            "password file " + file + " does not hold one line with a password")
                    .at(side)
                    .hint("the file holds the password alone; .pgpass is another kind: passfile");
        }
        return password;
    }

    @Override
    public boolean renew(long nanos) {
        return false; // it was read for this very login
    }
}
