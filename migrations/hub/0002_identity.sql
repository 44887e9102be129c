CREATE TABLE "handle" (
	"digest" text PRIMARY KEY NOT NULL,
	"person" text NOT NULL,
	"region" text NOT NULL,
	"institution" text NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "handle_digest" CHECK ("handle"."digest" ~ '^[A-Za-z0-9_-]{43}$'),
	CONSTRAINT "handle_period" CHECK ("handle"."expires_at" > "handle"."issued_at")
);
--> statement-breakpoint
CREATE TABLE "link" (
	"region" text NOT NULL,
	"local_id" text NOT NULL,
	"person" text NOT NULL,
	"rule" text,
	"decided_at" timestamp with time zone NOT NULL,
	CONSTRAINT "link_region_local_id_pk" PRIMARY KEY("region","local_id"),
	CONSTRAINT "link_rule" CHECK ("link"."rule" in ('A1', 'A3'))
);
--> statement-breakpoint
CREATE TABLE "link_event" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "link_event_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"region" text NOT NULL,
	"local_id" text NOT NULL,
	"before" text,
	"after" text,
	"rule" text,
	"explanation" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "link_event_local_id_id_pk" PRIMARY KEY("local_id","id"),
	CONSTRAINT "link_event_says_something" CHECK (num_nonnulls("link_event"."before", "link_event"."after") > 0)
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "person_id" CHECK ("person"."id" ~ '^[A-Za-z0-9_-]{22}$')
);
--> statement-breakpoint
CREATE TABLE "possible_link" (
	"region_a" text NOT NULL,
	"local_id_a" text NOT NULL,
	"region_b" text NOT NULL,
	"local_id_b" text NOT NULL,
	"rule" text NOT NULL,
	"vetoes" text[] NOT NULL,
	"explanation" jsonb NOT NULL,
	"since" timestamp with time zone NOT NULL,
	CONSTRAINT "possible_link_region_a_local_id_a_region_b_local_id_b_pk" PRIMARY KEY("region_a","local_id_a","region_b","local_id_b"),
	CONSTRAINT "possible_link_ordered" CHECK (("possible_link"."region_a" collate "C", "possible_link"."local_id_a" collate "C") < ("possible_link"."region_b" collate "C", "possible_link"."local_id_b" collate "C")),
	CONSTRAINT "possible_link_rule" CHECK ("possible_link"."rule" in ('A1', 'A3')),
	CONSTRAINT "possible_link_doubted" CHECK (cardinality("possible_link"."vetoes") > 0)
);
--> statement-breakpoint
CREATE TABLE "registration" (
	"region" text NOT NULL,
	"local_id" text NOT NULL,
	"version" integer NOT NULL,
	"source" text NOT NULL,
	"features" jsonb NOT NULL,
	"norm" integer NOT NULL,
	"birth_date" text,
	"sex" text,
	"is_active" boolean NOT NULL,
	"is_protected" boolean NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "registration_region_local_id_pk" PRIMARY KEY("region","local_id"),
	CONSTRAINT "registration_version" CHECK ("registration"."version" >= 1),
	CONSTRAINT "registration_sex" CHECK ("registration"."sex" in ('male', 'female', 'other', 'unknown')),
	CONSTRAINT "registration_birth_date" CHECK ("registration"."birth_date" ~ '^\d{4}(-\d\d(-\d\d)?)?$')
);
--> statement-breakpoint
CREATE TABLE "registration_key" (
	"key" bigint NOT NULL,
	"region" text NOT NULL,
	"local_id" text NOT NULL,
	CONSTRAINT "registration_key_key_region_local_id_pk" PRIMARY KEY("key","region","local_id")
);
--> statement-breakpoint
CREATE INDEX "handle_by_person" ON "handle" USING btree ("person");--> statement-breakpoint
CREATE INDEX "link_by_person" ON "link" USING btree ("person");--> statement-breakpoint
CREATE INDEX "possible_link_by_b" ON "possible_link" USING btree ("region_b","local_id_b");--> statement-breakpoint
ALTER TABLE "registration" ADD CONSTRAINT "registration_of_region" FOREIGN KEY ("region") REFERENCES "region"("id");--> statement-breakpoint
ALTER TABLE "link" ADD CONSTRAINT "link_of_registration" FOREIGN KEY ("region", "local_id") REFERENCES "registration"("region", "local_id");--> statement-breakpoint
ALTER TABLE "link" ADD CONSTRAINT "link_to_person" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "handle" ADD CONSTRAINT "handle_of_person" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
CREATE FUNCTION link_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'link_event is append-only';
END $$;
--> statement-breakpoint
CREATE TRIGGER link_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "link_event"
  FOR EACH STATEMENT EXECUTE FUNCTION link_event_is_append_only();
--> statement-breakpoint
COMMENT ON TABLE "registration" IS 'One resident''s record in one region, under that region''s patient id.';--> statement-breakpoint
COMMENT ON COLUMN "registration"."version" IS 'How often the region has changed it; the same text again changes nothing.';--> statement-breakpoint
COMMENT ON COLUMN "registration"."source" IS 'The Patient to the letter as the region sent it. All else is derived from it and may be made anew.';--> statement-breakpoint
COMMENT ON COLUMN "registration"."features" IS 'Folded forms which linkage compares; never shown to anybody.';--> statement-breakpoint
COMMENT ON COLUMN "registration"."norm" IS 'Version of the folding that made the features.';--> statement-breakpoint
COMMENT ON COLUMN "registration"."birth_date" IS 'As the region has it: it may be a year or a month only.';--> statement-breakpoint
COMMENT ON COLUMN "registration"."is_active" IS 'False when the region says so (Patient.active): kept, but nobody''s.';--> statement-breakpoint
COMMENT ON COLUMN "registration"."is_protected" IS '支援措置: nothing crosses regions unless the person''s own recorded wish says so. Counts for the whole person.';--> statement-breakpoint
COMMENT ON TABLE "registration_key" IS 'Blocking keys: 64 bits of a hash of a given name and a birth date. Whoever shares one is compared, nobody else.';--> statement-breakpoint
COMMENT ON TABLE "person" IS 'The registrations held to be one human being. The id is random, tells nothing and survives linking anew; a person without a link is one who was merged away or left.';--> statement-breakpoint
COMMENT ON TABLE "link" IS '名寄せ: every active registration belongs to exactly one person.';--> statement-breakpoint
COMMENT ON COLUMN "link"."rule" IS 'The strongest rule that joins it to another registration of its person; null while it is alone.';--> statement-breakpoint
COMMENT ON TABLE "link_event" IS 'Every decision about a link with its reasons; append-only. Replayed, it gives the links.';--> statement-breakpoint
COMMENT ON COLUMN "link_event"."before" IS 'The person it belonged to; null for a first link.';--> statement-breakpoint
COMMENT ON COLUMN "link_event"."after" IS 'The person it belongs to; null when the registration was removed or is no longer active.';--> statement-breakpoint
COMMENT ON TABLE "possible_link" IS 'Pairs for which a rule holds but which a veto or an ambiguity keeps apart until a person decides. None of them is linked.';--> statement-breakpoint
COMMENT ON COLUMN "possible_link"."vetoes" IS 'V1 to V7 of the pair itself; V11: more than one cluster qualifies; V12: a member of the other cluster vetoes.';--> statement-breakpoint
COMMENT ON COLUMN "handle"."digest" IS 'SHA-256 of the opaque handle, which only its holder keeps.';--> statement-breakpoint
COMMENT ON COLUMN "handle"."person" IS 'When a registration leaves the person its handles end: nobody can say which part they were given for.';
