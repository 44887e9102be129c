CREATE TABLE "source_report" (
	"region" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"elapsed_ms" integer NOT NULL,
	"answered_at" timestamp with time zone
);
--> statement-breakpoint
COMMENT ON TABLE "source_report" IS 'How each region''s newest asked query ended; no person, no asker.';
