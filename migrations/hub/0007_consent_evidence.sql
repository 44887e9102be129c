ALTER TABLE "consent" DROP CONSTRAINT "consent_status";--> statement-breakpoint
ALTER TABLE "consent" DROP CONSTRAINT "consent_period";--> statement-breakpoint
ALTER TABLE "visit" DROP CONSTRAINT "visit_kind";--> statement-breakpoint
ALTER TABLE "consent" ADD COLUMN "signed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "consent" ADD COLUMN "refused_institutions" text[] NOT NULL DEFAULT '{}';--> statement-breakpoint
ALTER TABLE "consent" ADD COLUMN "refused_regions" text[] NOT NULL DEFAULT '{}';--> statement-breakpoint
ALTER TABLE "consent" ADD COLUMN "proxy_relation" text;--> statement-breakpoint
ALTER TABLE "consent" ADD COLUMN "resident_born" date;--> statement-breakpoint
ALTER TABLE "consent" ADD COLUMN "deceased_on" date;--> statement-breakpoint
ALTER TABLE "consent" ADD COLUMN "evidence_kind" text NOT NULL DEFAULT 'paper';--> statement-breakpoint
-- What was received before said no day of signing apart from its start, and rested on paper.
UPDATE "consent" SET "signed_at" = "stated_from";--> statement-breakpoint
ALTER TABLE "consent" ALTER COLUMN "signed_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "consent" ALTER COLUMN "refused_institutions" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "consent" ALTER COLUMN "refused_regions" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "consent" ALTER COLUMN "evidence_kind" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "consent" ADD CONSTRAINT "consent_proxy" CHECK (num_nonnulls("proxy_relation", "resident_born") in (0, 2));--> statement-breakpoint
ALTER TABLE "consent" ADD CONSTRAINT "consent_relation" CHECK ("proxy_relation" in ('parent', 'guardian'));--> statement-breakpoint
ALTER TABLE "consent" ADD CONSTRAINT "consent_evidence_kind" CHECK ("evidence_kind" in ('paper', 'document', 'signature', 'telephone'));--> statement-breakpoint
ALTER TABLE "consent" ADD CONSTRAINT "consent_telephone" CHECK ("evidence_kind" <> 'telephone' or "status" = 'stopped');--> statement-breakpoint
ALTER TABLE "consent" ADD CONSTRAINT "consent_status" CHECK ("status" in ('active', 'withdrawn', 'stopped', 'left'));--> statement-breakpoint
ALTER TABLE "consent" ADD CONSTRAINT "consent_period" CHECK ("status" <> 'active' or "valid_until" is null or "valid_until" > "stated_from");--> statement-breakpoint
ALTER TABLE "visit" ADD CONSTRAINT "visit_kind" CHECK ("kind" in ('outpatient', 'inpatient', 'visiting', 'care-contract', 'dispensing', 'checkup'));--> statement-breakpoint
COMMENT ON COLUMN "consent"."status" IS 'withdrawn also stands for a form on which the resident refused; stopped is by telephone, until paper confirms or lifts it; left is a resident who left the region.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."signed_at" IS 'The day or moment of signing, as stated.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."refused_institutions" IS 'Numbers of institutions, of whatever region, that the resident keeps everything from.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."refused_regions" IS 'Regions that the resident keeps everything from.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."proxy_relation" IS 'In which relation somebody else signed; null where the resident did.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."resident_born" IS 'The resident''s birth date as the form says, where somebody else signed: by it their signature lapses.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."deceased_on" IS 'The day of death as the council was told; viewing ends so many days later as its policy says.';--> statement-breakpoint
COMMENT ON COLUMN "consent"."evidence_kind" IS 'What sharing rests on. After it ended it starts again on paper or a verified signature only.';
