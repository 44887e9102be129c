CREATE TABLE "outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"topic" text NOT NULL,
	"destination" text NOT NULL,
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"delivered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("topic","due_at") WHERE "outbox"."delivered_at" is null;--> statement-breakpoint
CREATE INDEX "outbox_in_order" ON "outbox" USING btree ("topic","destination","subject","id") WHERE "outbox"."delivered_at" is null;--> statement-breakpoint
COMMENT ON TABLE "outbox" IS 'Messages written in the transaction that they tell of. The worker sends each at least once.';--> statement-breakpoint
COMMENT ON COLUMN "outbox"."subject" IS 'What the message is about; those of one topic, destination and subject go out in the order of their ids.';
