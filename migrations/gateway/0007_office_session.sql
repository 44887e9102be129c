CREATE TABLE "office_session" (
	"id_hash" text PRIMARY KEY NOT NULL,
	"login" jsonb NOT NULL,
	"handle" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"last_seen" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "office_session_by_expiry" ON "office_session" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "office_session_by_user" ON "office_session" USING btree (("login" ->> 'user'));--> statement-breakpoint
COMMENT ON TABLE "office_session" IS 'Of the council''s office, which opens no patient: a clinician''s sessions are in session.';--> statement-breakpoint
COMMENT ON COLUMN "office_session"."handle" IS 'Stands in the forms of this session''s pages; the cookie''s secret is kept as its hash alone.';
