-- Who holds a lease counts as long as this is what it was when it was taken: odd for a full sync, even for workers.
ALTER TABLE leases ADD COLUMN term BIGINT NOT NULL DEFAULT 0;
