CREATE TABLE "desk_entry" (
	"receipt" text PRIMARY KEY NOT NULL,
	"local_id" text NOT NULL,
	"form" jsonb NOT NULL,
	"state" text NOT NULL,
	"entered_by" text NOT NULL,
	"entered_at" timestamp with time zone NOT NULL,
	"checked_by" text,
	"checked_at" timestamp with time zone,
	"resource" text,
	"fed_at" timestamp with time zone,
	CONSTRAINT "desk_entry_state" CHECK ("desk_entry"."state" in ('waiting', 'counted', 'refused')),
	CONSTRAINT "desk_entry_checked" CHECK ("desk_entry"."state" <> 'waiting' or "desk_entry"."checked_by" is null),
	CONSTRAINT "desk_entry_second" CHECK ("desk_entry"."checked_by" <> "desk_entry"."entered_by"),
	CONSTRAINT "desk_entry_resource" CHECK (("desk_entry"."state" = 'counted') = ("desk_entry"."resource" is not null))
);
--> statement-breakpoint
ALTER TABLE "consent_copy" DROP CONSTRAINT "consent_copy_status";--> statement-breakpoint
ALTER TABLE "consent_copy" ADD COLUMN "signed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "consent_copy" ADD COLUMN "refused_institutions" text[] NOT NULL DEFAULT '{}';--> statement-breakpoint
ALTER TABLE "consent_copy" ADD COLUMN "refused_regions" text[] NOT NULL DEFAULT '{}';--> statement-breakpoint
ALTER TABLE "consent_copy" ADD COLUMN "proxy" jsonb;--> statement-breakpoint
ALTER TABLE "consent_copy" ADD COLUMN "deceased_on" date;--> statement-breakpoint
UPDATE "consent_copy" SET "signed_at" = "valid_from";--> statement-breakpoint
ALTER TABLE "consent_copy" ALTER COLUMN "signed_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "consent_copy" ALTER COLUMN "refused_institutions" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "consent_copy" ALTER COLUMN "refused_regions" DROP DEFAULT;--> statement-breakpoint
CREATE INDEX "desk_entry_waiting" ON "desk_entry" USING btree ("entered_at") WHERE "desk_entry"."state" = 'waiting';--> statement-breakpoint
ALTER TABLE "consent_copy" ADD CONSTRAINT "consent_copy_status" CHECK ("status" in ('active', 'withdrawn', 'stopped', 'left'));--> statement-breakpoint
COMMENT ON COLUMN "consent_copy"."proxy" IS 'Who signed for the resident, and the resident''s birth date; null where the resident signed.';--> statement-breakpoint
COMMENT ON TABLE "desk_entry" IS 'Papers and telephone calls entered at the council''s desk.';--> statement-breakpoint
COMMENT ON COLUMN "desk_entry"."receipt" IS 'The council''s own receipt number; one is entered once.';--> statement-breakpoint
COMMENT ON COLUMN "desk_entry"."state" IS 'waiting for a second person, counted, or refused by the second person.';--> statement-breakpoint
COMMENT ON COLUMN "desk_entry"."checked_by" IS 'The second person, never who entered it; null where none was drawn or none has looked yet.';--> statement-breakpoint
COMMENT ON COLUMN "desk_entry"."resource" IS 'The Consent as it was made of the entry when it counted, to be sent again to the letter.';--> statement-breakpoint
COMMENT ON COLUMN "desk_entry"."fed_at" IS 'When the hub took it; null while it has not.';
