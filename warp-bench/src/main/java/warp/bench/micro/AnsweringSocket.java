package warp.bench.micro;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A server that costs next to nothing: it drops what is sent, but for counting messages, and
 * answers each execution as one that affected the same number of rows, whatever it was. Whole
 * messages must be written at once, as a pipeline does. For one thread.
 */
final class AnsweringSocket extends Socket {

    private static final byte BIND_COMPLETE = '2';
    private static final byte COMMAND_COMPLETE = 'C';

    private final byte[] answer;
    private long executions;
    private long bytesWritten;
    private long waiting;
    private int at;

    /**
     * @param affected rows that every execution affects
     */
    AnsweringSocket(int affected) {
        byte[] tag = ("UPDATE " + affected + "\0").getBytes(StandardCharsets.US_ASCII);
        this.answer =
                ByteBuffer.allocate(2 * 5 + tag.length)
                        .put(BIND_COMPLETE)
                        .putInt(4)
                        .put(COMMAND_COMPLETE)
                        .putInt(4 + tag.length)
                        .put(tag)
                        .array();
    }

    /** Statements that were executed. */
    long executions() {
        return executions;
    }

    long bytesWritten() {
        return bytesWritten;
    }

    @Override
    public InputStream getInputStream() {
        return new Answers();
    }

    @Override
    public OutputStream getOutputStream() {
        return new Messages();
    }

    private final class Messages extends OutputStream {

        @Override
        public void write(int single) {
            throw new IllegalStateException("a part of a message");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            bytesWritten += length;
            ByteBuffer view = ByteBuffer.wrap(bytes);
            int end = offset + length;
            int next = offset;
            while (next < end) {
                if (bytes[next] == 'E') {
                    executions++;
                    waiting += answer.length;
                }
                next += 1 + view.getInt(next + 1);
            }
            if (next != end) {
                throw new IllegalStateException("a part of a message");
            }
        }
    }

    private final class Answers extends InputStream {

        @Override
        public int read() {
            byte[] single = new byte[1];
            return read(single, 0, 1) < 0 ? -1 : single[0];
        }

        @Override
        public int available() {
            return (int) Math.min(waiting, Integer.MAX_VALUE);
        }

        /** The end of the stream where nothing was asked. */
        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (waiting == 0) {
                return -1;
            }
            int count = (int) Math.min(length, waiting);
            int done = 0;
            while (done < count) {
                int part = Math.min(answer.length - at, count - done);
                System.arraycopy(answer, at, bytes, offset + done, part);
                at = (at + part) % answer.length;
                done += part;
            }
            waiting -= count;
            return count;
        }
    }
}
