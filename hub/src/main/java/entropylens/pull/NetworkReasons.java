package entropylens.pull;

import entropylens.hub.Reasons;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/// Why a request or a file failed, in words and without the names of classes.
final class NetworkReasons {
    private NetworkReasons() {}

    static String of(IOException e) {
        return switch (e) {
            case HttpConnectTimeoutException _ -> "no connection was made in time";
            case HttpTimeoutException _ -> "there was no answer in time";
            case UnknownHostException _ -> "the host's name is not known";
            case ConnectException connect when isUnresolved(connect) ->
                    "the host's name is not known";
            case ConnectException _ -> "the connection was refused";
            case SSLException ssl -> "no secure connection: " + ssl.getMessage();
            default -> Reasons.of(e);
        };
    }

    private static boolean isUnresolved(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException
                    || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    /// An address as it may be shown: without user, query and fragment, which may be secret.
    static String shown(URI uri) {
        String path = uri.getRawPath();
        return origin(uri) + (path == null ? "" : path);
    }

    /// Scheme, host and, where it is not the usual one, port.
    static String origin(URI uri) {
        return uri.getScheme()
                + "://"
                + uri.getHost()
                + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }
}
