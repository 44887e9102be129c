CREATE TABLE "bulk_load" (
	"region" text NOT NULL,
	"digest" text NOT NULL,
	"file" text NOT NULL,
	"line" integer NOT NULL,
	"created" integer NOT NULL,
	"changed" integer NOT NULL,
	"unchanged" integer NOT NULL,
	"refused" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "bulk_load_region_digest_pk" PRIMARY KEY("region","digest"),
	CONSTRAINT "bulk_load_digest" CHECK ("bulk_load"."digest" ~ '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$')
);
--> statement-breakpoint
CREATE TABLE "bulk_refusal" (
	"region" text NOT NULL,
	"digest" text NOT NULL,
	"line" integer NOT NULL,
	"code" text NOT NULL,
	"place" text,
	CONSTRAINT "bulk_refusal_region_digest_line_pk" PRIMARY KEY("region","digest","line")
);
--> statement-breakpoint
COMMENT ON TABLE "bulk_load" IS 'How far the loading of a file of registrations has come; a file is known by its content.';--> statement-breakpoint
COMMENT ON COLUMN "bulk_load"."digest" IS 'SHA-256 of the file, base64url.';--> statement-breakpoint
COMMENT ON COLUMN "bulk_load"."line" IS 'The last line whose outcome is committed: a load that was broken off goes on after it.';--> statement-breakpoint
COMMENT ON TABLE "bulk_refusal" IS 'Lines that were left out: where and why, and nothing of what they say.';--> statement-breakpoint
COMMENT ON COLUMN "bulk_refusal"."place" IS 'The element that was wrong, as a path.';
