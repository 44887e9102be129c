CREATE TABLE "audit_checkpoint" (
	"size" bigint PRIMARY KEY NOT NULL,
	"root" "bytea" NOT NULL,
	"note" text NOT NULL,
	"sealed_at" timestamp (3) with time zone NOT NULL,
	"fence" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_detail" (
	"entry" bigint PRIMARY KEY NOT NULL,
	"salt" "bytea" NOT NULL,
	"detail" text NOT NULL,
	CONSTRAINT "audit_detail_salt" CHECK (length("audit_detail"."salt") = 32),
	CONSTRAINT "audit_detail_size" CHECK (octet_length("audit_detail"."detail") <= 65536)
);
--> statement-breakpoint
CREATE TABLE "audit_entry" (
	"number" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_entry_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"digest" "bytea" NOT NULL,
	CONSTRAINT "audit_entry_id" CHECK ("audit_entry"."id" ~ '^[A-Za-z0-9_-]{22}$'),
	CONSTRAINT "audit_entry_kind" CHECK ("audit_entry"."kind" ~ '^[a-z]+\.[a-z-]+$'),
	CONSTRAINT "audit_entry_digest" CHECK (length("audit_entry"."digest") = 32)
);
--> statement-breakpoint
CREATE TABLE "audit_fence" (
	"log" text PRIMARY KEY NOT NULL,
	"fence" bigint NOT NULL,
	"holder" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "audit_fence_one" CHECK ("audit_fence"."log" = 'audit')
);
--> statement-breakpoint
CREATE TABLE "audit_leaf" (
	"index" bigint PRIMARY KEY NOT NULL,
	"entry" bigint NOT NULL,
	"leaf_hash" "bytea" NOT NULL,
	CONSTRAINT "audit_leaf_once" UNIQUE("entry"),
	CONSTRAINT "audit_leaf_hash" UNIQUE("leaf_hash"),
	CONSTRAINT "audit_leaf_index" CHECK ("audit_leaf"."index" >= 0)
);
--> statement-breakpoint
CREATE TABLE "audit_node" (
	"level" smallint NOT NULL,
	"index" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "audit_node_level_index_pk" PRIMARY KEY("level","index"),
	CONSTRAINT "audit_node_place" CHECK ("audit_node"."level" > 0 and "audit_node"."index" >= 0)
);
--> statement-breakpoint
CREATE TABLE "audit_unsealed" (
	"entry" bigint PRIMARY KEY NOT NULL,
	"leaf_hash" "bytea" NOT NULL
);
--> statement-breakpoint
INSERT INTO "audit_fence" VALUES ('audit', 0, '', '-infinity');--> statement-breakpoint
-- The queue is emptied all day long: vacuum by the number of dead rows, not by their share.
ALTER TABLE "audit_unsealed" SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);--> statement-breakpoint
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;--> statement-breakpoint
DO $$ DECLARE log_table text; BEGIN
  FOR log_table IN
    SELECT relname FROM pg_class
     WHERE relnamespace = to_regnamespace(current_schema()) AND relkind = 'r'
       AND relname ~ '^audit_(entry|detail|leaf|node|checkpoint)$'
  LOOP
    EXECUTE format('CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()', log_table);
  END LOOP;
END $$;--> statement-breakpoint
-- A sealer that was overtaken while it slept can sign, but not keep what it signed; nor can anybody step back in size.
CREATE FUNCTION audit_checkpoint_is_led() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.fence IS DISTINCT FROM (SELECT fence FROM audit_fence) THEN
    RAISE EXCEPTION 'Another sealer leads.' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  IF NEW.size <= (SELECT max(size) FROM audit_checkpoint) THEN
    RAISE EXCEPTION 'A log only grows.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER audit_checkpoint_is_led BEFORE INSERT ON "audit_checkpoint"
  FOR EACH ROW EXECUTE FUNCTION audit_checkpoint_is_led();--> statement-breakpoint
COMMENT ON TABLE "audit_entry" IS 'What was recorded, in the transaction that did it. Append-only; what may have to be erased one day is in audit_detail.';--> statement-breakpoint
COMMENT ON COLUMN "audit_entry"."number" IS 'Order of writing. Not the leaf''s index: numbers of rolled-back transactions are missing, and who commits late is sealed late.';--> statement-breakpoint
COMMENT ON COLUMN "audit_entry"."id" IS '128 random bits, so that a leaf hash tells nothing to who does not hold the entry.';--> statement-breakpoint
COMMENT ON COLUMN "audit_entry"."digest" IS 'SHA-256(salt || detail).';--> statement-breakpoint
COMMENT ON COLUMN "audit_detail"."entry" IS 'Number of the entry. No foreign key: both are written by one statement, and neither can be deleted.';--> statement-breakpoint
COMMENT ON COLUMN "audit_detail"."detail" IS 'Canonical JSON (RFC 8785), as text: jsonb would not keep the bytes that were hashed. Cast it to search it.';--> statement-breakpoint
COMMENT ON TABLE "audit_unsealed" IS 'Queue of the sealer. The leaf waits here rather than with the entry, so that an entry tampered with before it is sealed is found as well.';--> statement-breakpoint
COMMENT ON TABLE "audit_leaf" IS 'The log: leaves of the RFC 9162 tree. Stands by itself, so that a removed entry leaves its leaf behind.';--> statement-breakpoint
COMMENT ON COLUMN "audit_leaf"."leaf_hash" IS 'SHA-256(0x00 || content); the content is id, kind, time and digest of the entry.';--> statement-breakpoint
COMMENT ON TABLE "audit_node" IS 'Full nodes above the leaves, for proofs: (level, index) covers leaves from index * 2^level, 2^level of them.';--> statement-breakpoint
COMMENT ON TABLE "audit_checkpoint" IS 'Signed sizes of the log. The note (C2SP tlog-checkpoint) is what others keep; only they can tell that a tail was cut off here.';--> statement-breakpoint
COMMENT ON COLUMN "audit_checkpoint"."fence" IS 'Fencing number of the sealer that signed.';--> statement-breakpoint
COMMENT ON TABLE "audit_fence" IS 'One row: which sealer leads. Its number rises with each new leader.';--> statement-breakpoint
COMMENT ON COLUMN "audit_fence"."expires_at" IS 'By the database''s clock. After it, another sealer may lead.';
