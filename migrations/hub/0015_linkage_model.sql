CREATE TABLE "linkage_model" (
	"kind" text PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"file" jsonb NOT NULL,
	"is_given" boolean NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "linkage_model_kind" CHECK ("linkage_model"."kind" in ('residents', 'general'))
);
--> statement-breakpoint
ALTER TABLE "link" DROP CONSTRAINT "link_rule";--> statement-breakpoint
ALTER TABLE "possible_link" DROP CONSTRAINT "possible_link_rule";--> statement-breakpoint
ALTER TABLE "link" ADD CONSTRAINT "link_rule" CHECK ("rule" in ('manual', 'A0', 'A1', 'A2', 'A3', 'A4', 'A5', 'S'));--> statement-breakpoint
ALTER TABLE "possible_link" ADD CONSTRAINT "possible_link_rule" CHECK ("rule" in ('manual', 'A0', 'A1', 'A2', 'A3', 'A4', 'A5', 'S'));--> statement-breakpoint
COMMENT ON TABLE "linkage_model" IS 'The weights by which everybody was last linked, where they are not those that the program comes with. Feeds judge by them too.';--> statement-breakpoint
COMMENT ON COLUMN "linkage_model"."is_given" IS 'Whether an operator gave the file (index link --model), which then stays until they say otherwise; else it was estimated from the registrations when everybody was linked.';
