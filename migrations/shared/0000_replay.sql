CREATE TABLE "replay" (
	"iss" text NOT NULL,
	"typ" text NOT NULL,
	"jti" text NOT NULL,
	"exp" timestamp with time zone NOT NULL
) PARTITION BY RANGE ("exp");
--> statement-breakpoint
CREATE UNIQUE INDEX "replay_once" ON "replay" USING btree ("iss","typ","jti","exp");--> statement-breakpoint
CREATE INDEX "replay_by_expiry" ON "replay" USING btree ("exp");--> statement-breakpoint
COMMENT ON TABLE "replay" IS 'Signed tokens already used. A row is written in the transaction that acts on the token, after its signature held.';--> statement-breakpoint
COMMENT ON COLUMN "replay"."exp" IS 'The token''s own expiry, and the partition key: a day''s partition is dropped once all its tokens have expired.';--> statement-breakpoint
-- Takes what no day's partition covers, so that a late housekeeper never stops the hub.
CREATE TABLE "replay_other" PARTITION OF "replay" DEFAULT;--> statement-breakpoint
-- Makes a partition for each UTC day in [first, last] and drops those that ended before `first`.
-- A day whose rows already lie in the default partition keeps them there.
CREATE FUNCTION replay_keep_partitions(first timestamptz, last timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  day timestamptz;
  old record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('replay_keep_partitions'));
  day := date_trunc('day', first, 'UTC');
  WHILE day <= last LOOP
    IF to_regclass(format('replay_%s', to_char(day AT TIME ZONE 'UTC', 'YYYYMMDD'))) IS NULL
       AND NOT EXISTS (SELECT FROM replay_other WHERE exp >= day AND exp < day + interval '1 day') THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF replay FOR VALUES FROM (%L) TO (%L)',
        'replay_' || to_char(day AT TIME ZONE 'UTC', 'YYYYMMDD'), day, day + interval '1 day');
    END IF;
    day := day + interval '1 day';
  END LOOP;
  FOR old IN
    SELECT inhrelid::regclass::text AS name FROM pg_inherits
     WHERE inhparent = 'replay'::regclass AND inhrelid::regclass::text ~ '^replay_[0-9]{8}$'
       AND inhrelid::regclass::text < 'replay_' || to_char(first AT TIME ZONE 'UTC', 'YYYYMMDD')
  LOOP
    EXECUTE format('DROP TABLE %I', old.name);
  END LOOP;
  DELETE FROM replay_other WHERE exp < first;
END $$;
