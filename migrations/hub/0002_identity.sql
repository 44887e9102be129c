CREATE TABLE "handle" (
	"hash" text PRIMARY KEY NOT NULL,
	"person" text NOT NULL,
	"region" text NOT NULL,
	"institution" text NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "link" (
	"registration" bigint PRIMARY KEY NOT NULL,
	"person" text NOT NULL,
	"rule" text NOT NULL,
	"explanation" jsonb NOT NULL,
	"decided_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "link_event" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "link_event_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"registration" bigint NOT NULL,
	"before" text,
	"after" text,
	"rule" text NOT NULL,
	"explanation" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "possible_link" (
	"a" bigint NOT NULL,
	"b" bigint NOT NULL,
	"reasons" text[] NOT NULL,
	"since" timestamp with time zone NOT NULL,
	CONSTRAINT "possible_link_a_b_pk" PRIMARY KEY("a","b")
);
--> statement-breakpoint
CREATE TABLE "registration" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "registration_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"region" text NOT NULL,
	"local_id" text NOT NULL,
	"source" text NOT NULL,
	"features" jsonb NOT NULL,
	"birth_date" text,
	"sex" text,
	"household" text,
	"name_kanji" text,
	"name_kana" text,
	"is_protected" boolean NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "handle" ADD CONSTRAINT "handle_person_person_id_fk" FOREIGN KEY ("person") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handle" ADD CONSTRAINT "handle_region_region_id_fk" FOREIGN KEY ("region") REFERENCES "public"."region"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link" ADD CONSTRAINT "link_registration_registration_id_fk" FOREIGN KEY ("registration") REFERENCES "public"."registration"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link" ADD CONSTRAINT "link_person_person_id_fk" FOREIGN KEY ("person") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "possible_link" ADD CONSTRAINT "possible_link_a_registration_id_fk" FOREIGN KEY ("a") REFERENCES "public"."registration"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "possible_link" ADD CONSTRAINT "possible_link_b_registration_id_fk" FOREIGN KEY ("b") REFERENCES "public"."registration"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registration" ADD CONSTRAINT "registration_region_region_id_fk" FOREIGN KEY ("region") REFERENCES "public"."region"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "link_by_person" ON "link" USING btree ("person");--> statement-breakpoint
CREATE INDEX "possible_link_by_b" ON "possible_link" USING btree ("b");--> statement-breakpoint
CREATE UNIQUE INDEX "registration_once" ON "registration" USING btree ("region","local_id");--> statement-breakpoint
CREATE INDEX "registration_by_household" ON "registration" USING btree ("birth_date","household");--> statement-breakpoint
CREATE INDEX "registration_by_kanji" ON "registration" USING btree ("birth_date","name_kanji");--> statement-breakpoint
CREATE INDEX "registration_by_kana" ON "registration" USING btree ("birth_date","name_kana");--> statement-breakpoint
ALTER TABLE "link" ADD CONSTRAINT "link_rule_known" CHECK ("rule" IN ('A1','A3','alone'));--> statement-breakpoint
ALTER TABLE "possible_link" ADD CONSTRAINT "possible_link_ordered" CHECK ("a" < "b");--> statement-breakpoint
ALTER TABLE "handle" ADD CONSTRAINT "handle_period" CHECK ("expires_at" > "issued_at");--> statement-breakpoint
CREATE FUNCTION link_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'link_event is append-only';
END $$;--> statement-breakpoint
CREATE TRIGGER link_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "link_event"
  FOR EACH STATEMENT EXECUTE FUNCTION link_event_is_append_only();--> statement-breakpoint
COMMENT ON TABLE "registration" IS 'One resident''s record in one region, under that region''s patient id.';--> statement-breakpoint
COMMENT ON COLUMN "registration"."source" IS 'The Patient as the region sent it; normalised forms are derived and may be made anew.';--> statement-breakpoint
COMMENT ON COLUMN "registration"."features" IS 'Folded forms that linkage compares; never shown to anybody.';--> statement-breakpoint
COMMENT ON COLUMN "registration"."birth_date" IS 'Blocking key YYYY-MM-DD; null when unknown, partial or a placeholder: such a record is never linked automatically.';--> statement-breakpoint
COMMENT ON COLUMN "registration"."household" IS 'Blocking key insurer:symbol:number, without the branch: shared by a household, evidence of no one person.';--> statement-breakpoint
COMMENT ON COLUMN "registration"."is_protected" IS '支援措置: nothing crosses regions unless the person''s own recorded wish says so.';--> statement-breakpoint
COMMENT ON TABLE "person" IS 'The registrations held to be one human being; opaque id, survives re-linking.';--> statement-breakpoint
COMMENT ON COLUMN "link"."rule" IS 'The release rule, or alone where no other registration is linked.';--> statement-breakpoint
COMMENT ON TABLE "link_event" IS 'Every change of a link, with its reasons; append-only.';--> statement-breakpoint
COMMENT ON TABLE "possible_link" IS 'Pairs that wait for a person. Nothing in here is linked meanwhile.';--> statement-breakpoint
COMMENT ON COLUMN "handle"."hash" IS 'SHA-256 of the opaque handle; the handle itself is kept by its holder only.';
