CREATE TABLE "declared_pair" (
	"region_a" text NOT NULL,
	"local_id_a" text NOT NULL,
	"region_b" text NOT NULL,
	"local_id_b" text NOT NULL,
	"declared" text,
	"decision" bigint NOT NULL,
	CONSTRAINT "declared_pair_region_a_local_id_a_region_b_local_id_b_pk" PRIMARY KEY("region_a","local_id_a","region_b","local_id_b"),
	CONSTRAINT "declared_pair_ordered" CHECK (("declared_pair"."region_a" collate "C", "declared_pair"."local_id_a" collate "C") < ("declared_pair"."region_b" collate "C", "declared_pair"."local_id_b" collate "C")),
	CONSTRAINT "declared_pair_says" CHECK ("declared_pair"."declared" in ('same', 'different'))
);
--> statement-breakpoint
CREATE TABLE "feed_allowance" (
	"region" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"changes" integer NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "feed_allowance_region_at_pk" PRIMARY KEY("region","at"),
	CONSTRAINT "feed_allowance_period" CHECK ("feed_allowance"."until" > "feed_allowance"."at"),
	CONSTRAINT "feed_allowance_changes" CHECK ("feed_allowance"."changes" > 0)
);
--> statement-breakpoint
CREATE TABLE "feed_change" (
	"region" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"stripe" smallint NOT NULL,
	"changes" integer NOT NULL,
	CONSTRAINT "feed_change_region_hour_stripe_pk" PRIMARY KEY("region","hour","stripe")
);
--> statement-breakpoint
CREATE TABLE "link_decision" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "link_decision_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"verb" text NOT NULL,
	"region" text NOT NULL,
	"clerk" text NOT NULL,
	"second_region" text,
	"second_clerk" text,
	"reason" text NOT NULL,
	"undoes" bigint,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "link_decision_verb" CHECK ("link_decision"."verb" in ('merge', 'split', 'move', 'undo')),
	CONSTRAINT "link_decision_undo" CHECK (("link_decision"."verb" = 'undo') = ("link_decision"."undoes" is not null)),
	CONSTRAINT "link_decision_second" CHECK (num_nonnulls("link_decision"."second_region", "link_decision"."second_clerk") <> 1)
);
--> statement-breakpoint
CREATE TABLE "link_decision_pair" (
	"decision" bigint NOT NULL,
	"region_a" text NOT NULL,
	"local_id_a" text NOT NULL,
	"region_b" text NOT NULL,
	"local_id_b" text NOT NULL,
	"before" text,
	"after" text,
	CONSTRAINT "link_decision_pair_pk" PRIMARY KEY("decision","region_a","local_id_a","region_b","local_id_b"),
	CONSTRAINT "link_decision_pair_says" CHECK ("link_decision_pair"."after" is null or "link_decision_pair"."after" in ('same', 'different'))
);
--> statement-breakpoint
CREATE TABLE "review_item" (
	"region" text NOT NULL,
	"local_id" text NOT NULL,
	"consents" integer DEFAULT 0 NOT NULL,
	"queries" integer DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"claimed_region" text,
	"claimed_clerk" text,
	"claimed_until" timestamp with time zone,
	"proposed" jsonb,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "review_item_region_local_id_pk" PRIMARY KEY("region","local_id"),
	CONSTRAINT "review_item_state" CHECK ("review_item"."state" in ('open', 'unsure', 'asked', 'second')),
	CONSTRAINT "review_item_claim" CHECK (num_nonnulls("review_item"."claimed_region", "review_item"."claimed_clerk", "review_item"."claimed_until") in (0, 3)),
	CONSTRAINT "review_item_proposed" CHECK (("review_item"."state" = 'second') = ("review_item"."proposed" is not null))
);
--> statement-breakpoint
ALTER TABLE "link" DROP CONSTRAINT "link_rule";--> statement-breakpoint
ALTER TABLE "possible_link" DROP CONSTRAINT "possible_link_rule";--> statement-breakpoint
ALTER TABLE "possible_link" ALTER COLUMN "rule" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "possible_link" ADD COLUMN "item" text NOT NULL DEFAULT 'b';--> statement-breakpoint
ALTER TABLE "possible_link" ALTER COLUMN "item" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "registration" ADD COLUMN "replaced_by" text;--> statement-breakpoint
ALTER TABLE "agreement" ADD COLUMN "clerks_see_values" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "link_decision_pair" ADD CONSTRAINT "link_decision_pair_of_decision" FOREIGN KEY ("decision") REFERENCES "public"."link_decision"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "declared_pair_by_b" ON "declared_pair" USING btree ("region_b","local_id_b");--> statement-breakpoint
CREATE INDEX "registration_by_birth_date" ON "registration" USING btree ("region","birth_date");--> statement-breakpoint
CREATE INDEX "registration_by_family_kana" ON "registration" USING btree ("region",("features" -> 'family' ->> 'kana') text_pattern_ops);--> statement-breakpoint
CREATE INDEX "registration_by_family_kanji" ON "registration" USING btree ("region",("features" -> 'family' ->> 'kanji') text_pattern_ops);--> statement-breakpoint
ALTER TABLE "link" ADD CONSTRAINT "link_rule" CHECK ("rule" in ('manual', 'A0', 'A1', 'A2', 'A3', 'A4', 'A5'));--> statement-breakpoint
ALTER TABLE "possible_link" ADD CONSTRAINT "possible_link_item" CHECK ("item" in ('a', 'b'));--> statement-breakpoint
ALTER TABLE "possible_link" ADD CONSTRAINT "possible_link_rule" CHECK ("rule" in ('manual', 'A0', 'A1', 'A2', 'A3', 'A4', 'A5'));--> statement-breakpoint
ALTER TABLE "registration" ADD CONSTRAINT "registration_replaced" CHECK ("replaced_by" is null or (not "is_active" and "replaced_by" <> "local_id"));--> statement-breakpoint
CREATE TRIGGER link_decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "link_decision" FOR EACH STATEMENT EXECUTE FUNCTION link_event_is_append_only();--> statement-breakpoint
CREATE TRIGGER link_decision_pair_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "link_decision_pair" FOR EACH STATEMENT EXECUTE FUNCTION link_event_is_append_only();--> statement-breakpoint
CREATE OR REPLACE FUNCTION link_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
--> statement-breakpoint
COMMENT ON COLUMN "registration"."replaced_by" IS 'The id under which the region goes on with the resident (ITI-104, replaced-by). It may not be registered yet, and may itself be replaced.';--> statement-breakpoint
COMMENT ON COLUMN "agreement"."clerks_see_values" IS 'Whether index clerks of the asking region see the values of the holding one when they settle a match; else only how they compare.';--> statement-breakpoint
COMMENT ON COLUMN "possible_link"."item" IS 'The end in whose item of the review queue the pair stands: the one that changed when it came to wait.';--> statement-breakpoint
COMMENT ON TABLE "link_decision" IS 'What people decided about links, with who and why; append-only. Outranks whatever rules say.';--> statement-breakpoint
COMMENT ON COLUMN "link_decision"."second_clerk" IS 'Who confirmed it, where it needs two: three or more registrations, or a veto overridden.';--> statement-breakpoint
COMMENT ON TABLE "link_decision_pair" IS 'What a decision said of each two registrations, and what held before it, so that it can be undone.';--> statement-breakpoint
COMMENT ON TABLE "declared_pair" IS 'What holds by the decisions taken so far. Ends when one of the registrations is removed: its id may become somebody else''s.';--> statement-breakpoint
COMMENT ON COLUMN "declared_pair"."declared" IS 'Null after an undo: the rules decide again.';--> statement-breakpoint
COMMENT ON TABLE "review_item" IS 'What is known of an item of the review queue beside its pairs in possible_link. Without a pair it is no item.';--> statement-breakpoint
COMMENT ON COLUMN "review_item"."state" IS 'second: a settlement is proposed and waits for another person.';--> statement-breakpoint
COMMENT ON TABLE "feed_change" IS 'Changes that a region has fed, by hour; several rows an hour, so that feeds do not wait for each other.';--> statement-breakpoint
COMMENT ON TABLE "feed_allowance" IS 'How many changes more than usual an operator lets a region make, until when and why.';
