package entropylens.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;

/// Whoever sent a request, and may leave before there is an answer.
final class Caller {
    private final Context context;
    private final EndPoint connection;
    private boolean gone;
    private boolean sendsMore;

    private Caller(Context context, EndPoint connection) {
        this.context = context;
        this.connection = connection;
    }

    /// Of a request whose body was read: what comes behind it on the connection is its end.
    static Caller of(Context context) {
        return new Caller(
                context,
                ServletContextRequest.getServletContextRequest(context.req())
                        .getConnectionMetaData()
                        .getConnection()
                        .getEndPoint());
    }

    /// Whether nobody waits for the answer any more. Looks without waiting.
    boolean isGone() {
        if (!gone && !sendsMore) {
            look();
        }
        return gone;
    }

    private void look() {
        ByteBuffer next = BufferUtil.allocate(1);
        try {
            int read = connection.fill(next);
            gone = read < 0;
            if (read > 0) {
                // Another request before the answer to this one, and its first byte is taken. HTTP
                // has the client send it again where the connection ends with the answer.
                sendsMore = true;
                context.header("Connection", "close");
            }
        } catch (IOException e) {
            gone = true;
        }
    }

    /// @throws CancellationException when nobody waits for the answer
    void requireThere() {
        if (isGone()) {
            throw new CancellationException("whoever asked is gone");
        }
    }

    /// Ends the connection.
    void hangUp() {
        connection.close();
    }
}
