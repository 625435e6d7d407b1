package warp.config;

import warp.error.ErrorCode;
import warp.error.WarpException;

/** The settings that are numbers, with their ranges; switch and config file alike. */
public enum NumberSetting {
    BATCH_STATEMENTS("batch-statements", 1, 100_000, 2000),
    BATCH_TRANSACTIONS("batch-transactions", 1, 100_000, 500),
    JOBS("jobs", 1, 64, 0),
    PARALLEL_DUMP("parallel-dump", 1, 64, 0),
    PARALLEL_RESTORE("parallel-restore", 1, 64, 0);

    private final String text;
    private final int least;
    private final int most;
    private final int fallback;

    NumberSetting(String text, int least, int most, int fallback) {
        this.text = text;
        this.least = least;
        this.most = most;
        this.fallback = fallback;
    }

    /** As switch and config file spell it, without dashes. */
    public String text() {
        return text;
    }

    /** What holds where nothing is asked for; 0 where Warp decides. */
    public int fallback() {
        return fallback;
    }

    /**
     * Reads the number.
     *
     * @param name what to call the setting in the error: {@code --jobs}
     * @throws WarpException of the given code, naming the range
     */
    public int parse(String value, String name, ErrorCode code) {
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notNumber) {
            throw outOfRange(name, code);
        }
        throw outOfRange(name, code);
    }

    private WarpException outOfRange(String name, ErrorCode code) {
        return new WarpException(
                code, name + " needs a whole number from " + least + " to " + most);
    }
}
