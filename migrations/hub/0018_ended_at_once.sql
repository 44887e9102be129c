ALTER TABLE "agreement" ADD COLUMN "is_ended" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "membership" ADD COLUMN "is_ended" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "region_key" ADD COLUMN "is_ended" boolean DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE "agreement" SET "is_ended" = true WHERE "valid_until" <= now();--> statement-breakpoint
UPDATE "membership" SET "is_ended" = true WHERE "valid_until" <= now();--> statement-breakpoint
UPDATE "region_key" SET "is_ended" = true WHERE "valid_until" <= now();--> statement-breakpoint
COMMENT ON COLUMN "agreement"."is_ended" IS 'Somebody ended it: over for every process at once, whatever their clocks say. valid_until is the time of the process that recorded it.';--> statement-breakpoint
COMMENT ON COLUMN "membership"."is_ended" IS 'As of agreement.is_ended.';--> statement-breakpoint
COMMENT ON COLUMN "region_key"."is_ended" IS 'As of agreement.is_ended.';
