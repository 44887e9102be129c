CREATE TABLE "council_notice" (
	"letter" bigint PRIMARY KEY NOT NULL,
	"notice" jsonb NOT NULL,
	"received_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "registration_copy" ADD COLUMN "deceased_on" date;--> statement-breakpoint
CREATE INDEX "council_notice_by_time" ON "council_notice" USING btree ("received_at");--> statement-breakpoint
COMMENT ON TABLE "council_notice" IS 'What the hub told this region''s council unasked; each letter once, however often it was sent.';--> statement-breakpoint
COMMENT ON COLUMN "registration_copy"."deceased_on" IS 'A day in Japan; of a death without a date, the day it was heard of.';
