/** Starts the server that Trino's own launcher starts. */
public final class StartTrino {
    public static void main(String[] arguments) {
        new io.trino.server.Server().start(arguments[0]);
    }
}
