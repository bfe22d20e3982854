import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import org.h2.mvstore.MVStore;
import java.util.List;
import java.util.Set;

/** An embedded server that speaks MongoDB's protocol and keeps its data in one file: `EvercallMongo PORT FILE`. */
public final class EvercallMongo {
    /** Today's drivers refuse the wire version that the library reports by itself; what they then send, it understands. */
    private static final class Version5 implements MongoVersion {
        @Override public List<Integer> getVersionArray() { return List.of(5, 0, 0); }
        @Override public int getWireVersion() { return 13; }
    }

    /** On disk before it is acknowledged: left to itself the store writes behind, and a kill loses what was acknowledged last. */
    private static final class DurableBackend extends H2Backend {
        private static final Set<String> READS = Set.of(
            "find", "getMore", "aggregate", "count", "distinct", "hello", "isMaster", "ismaster", "ping", "buildInfo",
            "killCursors", "listCollections", "listIndexes", "listDatabases", "serverStatus", "dbStats", "collStats",
            "endSessions", "getParameter", "hostInfo", "whatsmyuri", "connectionStatus", "explain");

        /** Reading everything, as most filters do, costs 10 microseconds a document that lies here and 50 of one that has to be read anew. */
        private static final int CACHE_MB = 192;

        DurableBackend(String file) { super(new MVStore.Builder().fileName(file).cacheSize(CACHE_MB).open()); }

        @Override public Document handleMessage(MongoMessage message) {
            Document reply = super.handleMessage(message);
            // A word unknown here counts as a write: a commit with nothing to do costs nothing.
            String command = message.getDocument().keySet().iterator().next();
            if (!READS.contains(command)) commit();
            return reply;
        }
    }

    public static void main(String[] arguments) {
        DurableBackend backend = new DurableBackend(arguments[1]);
        MongoServer server = new MongoServer(backend.version(new Version5()));
        // Closing the server closes the backend, which writes the last state and compacts the file.
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
        System.out.println("{\"level\":30,\"msg\":\"mongo listens on port " + arguments[0] + "\"}");
    }
}
