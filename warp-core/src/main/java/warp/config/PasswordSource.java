package warp.config;

/** Where a password comes from. For any thread. */
sealed interface PasswordSource permits PasswordSource.Known, PasswordCommand, SecretFile {

    /**
     * The password now.
     *
     * @throws warp.error.WarpException where it cannot be had
     */
    String current();

    /** See {@link Secret#renew}. */
    boolean renew(long nanos);

    /** A password that was given. */
    record Known(String value) implements PasswordSource {

        @Override
        public String current() {
            return value;
        }

        @Override
        public boolean renew(long nanos) {
            return false;
        }

        @Override
        public String toString() {
            return "***";
        }
    }
}
