CREATE TABLE "standing_told" (
	"region" text NOT NULL,
	"local_id" text NOT NULL,
	"protected" boolean NOT NULL,
	"deceased_on" date,
	CONSTRAINT "standing_told_region_local_id_pk" PRIMARY KEY("region","local_id")
);
--> statement-breakpoint
ALTER TABLE "policy" ADD COLUMN "text" text;--> statement-breakpoint
ALTER TABLE "policy" ADD COLUMN "request" text;--> statement-breakpoint
ALTER TABLE "policy" ADD CONSTRAINT "policy_proof" CHECK (num_nonnulls("policy"."text", "policy"."request") in (0, 2));--> statement-breakpoint
COMMENT ON TABLE "standing_told" IS 'Only what bounds is kept of others: that they are protected, the day of death; not which registration says so.';--> statement-breakpoint
COMMENT ON COLUMN "policy"."text" IS 'The document to the letter, as its region signed it in the request beside it; null where a verb recorded it without a call.';