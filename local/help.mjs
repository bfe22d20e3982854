// What `npm start -- --help` prints. Plain JavaScript: it must be readable before anything is installed.
export const helpText = `Evercall: a call-centre bot whose calls are durable workflows.

  npm start                    brings up everything on this machine; Ctrl-C ends everything
  npm start -- --help          this page
  npm start -- --data-dir DIR  another data folder than .data (the same as DATA_DIR=DIR)
  npm run demo                 places one inbound and one outbound call on the running system
  npm run doctor               looks at credentials, addresses, clock and servers, and says what to mend
  npm run evercall -- campaign makes, fills, starts, watches and stops campaigns through the API
  npm test                     every check there is

What it does: installs the packages if package-lock.json changed, finds or builds a Temporal server (with UI) and a
MongoDB, starts a stand-in ("sandbox") for every vendor without credentials, then api, calls, insights and media workers.
It restarts what dies. A file .env in this folder is read; variables already set win over it.

Where things are
  DATA_DIR               .data           state, logs/<process>.log, run.json (pids and ports), secrets.json (mode 600)
  EVERCALL_CACHE         ~/.cache/evercall   servers downloaded or built once (XDG_CACHE_HOME is respected)
  PORT                   8080            the api: REST, webhooks, home page, reports
  PUBLIC_URL             http://127.0.0.1:PORT   the address vendors and customers use; one that is not loopback needs
                                         API_KEYS and VONAGE_SIGNATURE_SECRET, or nothing starts
  API_KEYS               (none)          comma-separated bearer keys of the api
  MEDIA_WORKERS          2               how many media processes
  MEDIA_PORT             8090            the first one's port; the next ones follow
  MEDIA_PUBLIC_URL       ws://127.0.0.1:MEDIA_PORT   where Vonage opens the audio websocket; {worker} in it
                                         becomes 1, 2, ... and {hostId} the process's own id
  TEMPORAL_PORT          7233            of the Temporal server started here
  TEMPORAL_UI_PORT       8233            its web interface
  MONGO_PORT             27017           of the MongoDB started here
  SANDBOX_HTTP_PORT      8095            phone network, softphone page, model and CRM stand-ins
  SANDBOX_GRPC_PORT      8096            speech stand-in
A port you set is used or refused; one you did not set moves to the next free one.

Servers of your own
  TEMPORAL_ADDRESS       host:port       a Temporal server; none is started here
  TEMPORAL_NAMESPACE     default
  MONGODB_URI            mongodb://...   a MongoDB; none is started here

Vendors: setting one makes it real and leaves the others in the sandbox
  Vonage                 VONAGE_API_KEY, VONAGE_API_SECRET, VONAGE_APPLICATION_ID, VONAGE_PRIVATE_KEY (PEM or path),
                         VONAGE_SIGNATURE_SECRET, VONAGE_NUMBER, VONAGE_API_URL
  Google speech          GOOGLE_APPLICATION_CREDENTIALS (file); GOOGLE_SPEECH_API_URL, GOOGLE_TTS_API_URL
                         (http:// = plaintext gRPC, no credentials needed)
  Anthropic              ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL
  HubSpot                HUBSPOT_TOKEN, HUBSPOT_BASE_URL
  Your own system        WEBHOOK_OUT_URL, WEBHOOK_OUT_SECRET
Every key of config.yaml can be given as SECTION__KEY, for example LLM__FAST__MODEL. See config.example.yaml.
`;
