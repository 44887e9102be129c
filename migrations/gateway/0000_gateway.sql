CREATE TABLE "consent_copy" (
	"local_id" text NOT NULL,
	"version" integer NOT NULL,
	"status" text NOT NULL,
	"form" text NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone,
	"refused" text[] NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "consent_copy_local_id_version_pk" PRIMARY KEY("local_id","version"),
	CONSTRAINT "consent_copy_version" CHECK ("consent_copy"."version" >= 1),
	CONSTRAINT "consent_copy_status" CHECK ("consent_copy"."status" in ('active', 'withdrawn'))
);
--> statement-breakpoint
CREATE TABLE "directory_seen" (
	"version" integer PRIMARY KEY NOT NULL,
	"content_hash" text NOT NULL,
	"token" text NOT NULL,
	"fetched_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pin" (
	"thumbprint" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"accepted_at" timestamp with time zone NOT NULL,
	"signed_by" text,
	CONSTRAINT "pin_thumbprint" CHECK ("pin"."thumbprint" ~ '^[A-Za-z0-9_-]{43}$'),
	CONSTRAINT "pin_owner" CHECK ("pin"."owner" ~ '^[a-z][a-z0-9-]{1,31}$')
);
--> statement-breakpoint
CREATE TABLE "policy_copy" (
	"version" integer PRIMARY KEY NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"document" jsonb NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "promise_held" (
	"leaf" text PRIMARY KEY NOT NULL,
	"log" text NOT NULL,
	"by" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"checked_at" timestamp with time zone,
	CONSTRAINT "promise_held_leaf" CHECK ("promise_held"."leaf" ~ '^[A-Za-z0-9_-]{43}$'),
	CONSTRAINT "promise_held_state" CHECK ("promise_held"."state" in ('open', 'kept', 'broken'))
);
--> statement-breakpoint
CREATE TABLE "receipt_signed" (
	"digest" text PRIMARY KEY NOT NULL,
	"request_digest" text NOT NULL,
	"signed_at" timestamp with time zone NOT NULL,
	"named_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "registration_copy" (
	"local_id" text PRIMARY KEY NOT NULL,
	"protected" boolean NOT NULL,
	"received_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id_hash" text PRIMARY KEY NOT NULL,
	"login" jsonb NOT NULL,
	"patient_handle" text NOT NULL,
	"opened" jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"last_seen" timestamp with time zone NOT NULL,
	CONSTRAINT "session_patient_handle_unique" UNIQUE("patient_handle")
);
--> statement-breakpoint
CREATE INDEX "pin_by_owner" ON "pin" USING btree ("owner");--> statement-breakpoint
CREATE INDEX "promise_held_open" ON "promise_held" USING btree ("by") WHERE "promise_held"."state" = 'open';--> statement-breakpoint
CREATE INDEX "receipt_signed_unnamed" ON "receipt_signed" USING btree ("signed_at") WHERE "receipt_signed"."named_at" is null;--> statement-breakpoint
CREATE INDEX "session_by_expiry" ON "session" USING btree ("expires_at");--> statement-breakpoint
COMMENT ON TABLE "pin" IS 'Keys the council believes (gateway accept). The hub''s directory brings keys along; it vouches for none.';--> statement-breakpoint
COMMENT ON COLUMN "pin"."owner" IS 'A region''s id, or hub.';--> statement-breakpoint
COMMENT ON COLUMN "pin"."signed_by" IS 'The pinned key that named this one its successor; null where the council itself accepted it.';--> statement-breakpoint
COMMENT ON TABLE "directory_seen" IS 'Every version of the directory accepted so far. A lower version, or another content under a known one, is refused.';--> statement-breakpoint
COMMENT ON COLUMN "directory_seen"."fetched_at" IS 'When the hub last sent this version; an hour later it counts no more.';--> statement-breakpoint
COMMENT ON TABLE "consent_copy" IS 'What residents said, as their own council received it. Rows never change; the highest version counts.';--> statement-breakpoint
COMMENT ON COLUMN "consent_copy"."valid_until" IS 'The first instant no longer covered.';--> statement-breakpoint
COMMENT ON COLUMN "consent_copy"."refused" IS 'Items the resident keeps back from other regions.';--> statement-breakpoint
COMMENT ON TABLE "policy_copy" IS '閲覧設定 of the own council. The version in force is the newest whose effective_from has come.';--> statement-breakpoint
COMMENT ON TABLE "registration_copy" IS 'Flags of the region''s own residents; no demographics are kept here.';--> statement-breakpoint
COMMENT ON COLUMN "registration_copy"."protected" IS '支援措置: nothing of this person crosses regions.';--> statement-breakpoint
COMMENT ON TABLE "promise_held" IS 'Leaves that another log promised to hold. Each is looked up after its deadline; broken ones stay as evidence.';--> statement-breakpoint
COMMENT ON COLUMN "promise_held"."by" IS 'The deadline that the log itself named.';--> statement-breakpoint
COMMENT ON TABLE "receipt_signed" IS 'Receipts this gateway gave. One that no entry of the hub''s log names within 10 minutes raises the alarm.';--> statement-breakpoint
COMMENT ON COLUMN "receipt_signed"."named_at" IS 'When an entry of the hub''s log was found that names it; null until then.';--> statement-breakpoint
COMMENT ON TABLE "session" IS 'Logins at the region''s own screens.';--> statement-breakpoint
COMMENT ON COLUMN "session"."id_hash" IS 'SHA-256 of the cookie''s value, so that nobody who reads the table can be somebody.';
