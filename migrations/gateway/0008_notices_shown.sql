CREATE INDEX "council_notice_shown" ON "council_notice" USING btree ("letter") WHERE "council_notice"."notice" ->> 'kind' <> 'standing';--> statement-breakpoint
COMMENT ON INDEX "council_notice_shown" IS 'What people read: of a million notices nearly all may be about residents elsewhere, for the gateway alone.';
