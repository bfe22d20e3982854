// Joins the three members into one replica set. Run by mongosh on the first of them; safe to run at every start.
const members = ['mongo-1', 'mongo-2', 'mongo-3'].map((name, index) => ({ _id: index, host: `${name}:27017` }));
try {
  rs.status();
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  rs.initiate({ _id: 'evercall', members });
}
while (!db.hello().isWritablePrimary && !db.hello().primary) sleep(500);
