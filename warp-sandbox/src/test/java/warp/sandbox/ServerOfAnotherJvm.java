package warp.sandbox;

import java.util.concurrent.CountDownLatch;

/**
 * A program that starts a server, prints its data directory and never closes it. Argument: {@code
 * exit} to end at once, {@code wait} to wait for a signal.
 */
final class ServerOfAnotherJvm {

    private ServerOfAnotherJvm() {}

    public static void main(String[] arguments) throws InterruptedException {
        PostgresServer server = PostgresServer.start("9.6");
        System.out.println(server.data());
        if (arguments[0].equals("wait")) {
            new CountDownLatch(1).await();
        }
        System.exit(0);
    }
}
