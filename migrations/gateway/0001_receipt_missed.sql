DROP INDEX "receipt_signed_unnamed";--> statement-breakpoint
ALTER TABLE "receipt_signed" ADD COLUMN "mandate_digest" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "receipt_signed" ADD COLUMN "missed_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "receipt_signed_open" ON "receipt_signed" USING btree ("signed_at") WHERE "receipt_signed"."named_at" is null and "receipt_signed"."missed_at" is null;--> statement-breakpoint
COMMENT ON COLUMN "receipt_signed"."named_at" IS 'When the hub''s log was found to name the receipt.';--> statement-breakpoint
COMMENT ON COLUMN "receipt_signed"."missed_at" IS 'When the alarm was raised, because ten minutes after it was signed no entry of the hub''s log named the receipt.';
