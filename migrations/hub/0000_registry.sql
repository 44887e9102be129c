CREATE TABLE "agreement" (
	"asking" text NOT NULL,
	"holding" text NOT NULL,
	"items" text[] NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone,
	CONSTRAINT "agreement_asking_holding_valid_from_pk" PRIMARY KEY("asking","holding","valid_from")
);
--> statement-breakpoint
CREATE TABLE "directory" (
	"version" integer PRIMARY KEY NOT NULL,
	"content_hash" text NOT NULL,
	"published_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "epoch" (
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"value" bigint NOT NULL,
	CONSTRAINT "epoch_kind_key_pk" PRIMARY KEY("kind","key")
);
--> statement-breakpoint
CREATE TABLE "institution" (
	"number" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "membership" (
	"institution" text NOT NULL,
	"region" text NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone,
	CONSTRAINT "membership_institution_region_valid_from_pk" PRIMARY KEY("institution","region","valid_from")
);
--> statement-breakpoint
CREATE TABLE "policy" (
	"region" text NOT NULL,
	"version" integer NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"document" jsonb NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "policy_region_version_pk" PRIMARY KEY("region","version")
);
--> statement-breakpoint
CREATE TABLE "region" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"patient_system" text NOT NULL,
	"stage" text NOT NULL,
	"gateway_url" text,
	"certificate_thumbprint" text,
	"added_at" timestamp with time zone NOT NULL,
	CONSTRAINT "region_patient_system_unique" UNIQUE("patient_system")
);
--> statement-breakpoint
CREATE TABLE "region_key" (
	"thumbprint" text PRIMARY KEY NOT NULL,
	"region" text NOT NULL,
	"jwk" jsonb NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone,
	"successor_token" text
);
--> statement-breakpoint
ALTER TABLE "agreement" ADD CONSTRAINT "agreement_asking_region_id_fk" FOREIGN KEY ("asking") REFERENCES "public"."region"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agreement" ADD CONSTRAINT "agreement_holding_region_id_fk" FOREIGN KEY ("holding") REFERENCES "public"."region"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership" ADD CONSTRAINT "membership_institution_institution_number_fk" FOREIGN KEY ("institution") REFERENCES "public"."institution"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership" ADD CONSTRAINT "membership_region_region_id_fk" FOREIGN KEY ("region") REFERENCES "public"."region"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy" ADD CONSTRAINT "policy_region_region_id_fk" FOREIGN KEY ("region") REFERENCES "public"."region"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "region_key" ADD CONSTRAINT "region_key_region_region_id_fk" FOREIGN KEY ("region") REFERENCES "public"."region"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "region_key_by_region" ON "region_key" USING btree ("region");--> statement-breakpoint
ALTER TABLE "region" ADD CONSTRAINT "region_id_form" CHECK ("id" ~ '^[a-z][a-z0-9-]{1,31}$');--> statement-breakpoint
ALTER TABLE "region" ADD CONSTRAINT "region_stage_known" CHECK ("stage" IN ('registered','connected','feeding','answering','asking','suspended','left'));--> statement-breakpoint
ALTER TABLE "region_key" ADD CONSTRAINT "region_key_period" CHECK ("valid_until" IS NULL OR "valid_until" > "valid_from");--> statement-breakpoint
ALTER TABLE "agreement" ADD CONSTRAINT "agreement_two_regions" CHECK ("asking" <> "holding");--> statement-breakpoint
ALTER TABLE "epoch" ADD CONSTRAINT "epoch_kind_known" CHECK ("kind" IN ('person','region','institution'));--> statement-breakpoint
COMMENT ON TABLE "region" IS 'One regional EHR network (地域EHR).';--> statement-breakpoint
COMMENT ON COLUMN "region"."patient_system" IS 'The identifier system of the region''s own patient ids; never shared by two regions.';--> statement-breakpoint
COMMENT ON COLUMN "region"."stage" IS '接続段階; suspended and left stand outside the order.';--> statement-breakpoint
COMMENT ON COLUMN "region"."gateway_url" IS 'Base URL of the answering side of the region''s gateway; null until the region is connected.';--> statement-breakpoint
COMMENT ON COLUMN "region"."certificate_thumbprint" IS 'x5t#S256 of the client certificate; null only where plain HTTP on loopback is allowed.';--> statement-breakpoint
COMMENT ON COLUMN "region_key"."thumbprint" IS 'RFC 7638. The hub distributes keys; gateways believe only those their councils pinned.';--> statement-breakpoint
COMMENT ON COLUMN "region_key"."valid_until" IS 'Rotation: both keys count until then. Revocation sets it to the moment of revoking.';--> statement-breakpoint
COMMENT ON COLUMN "region_key"."successor_token" IS 'tsunagi-successor+jwt by which an earlier, pinned key vouches for this one.';--> statement-breakpoint
COMMENT ON TABLE "agreement" IS '協定: asking may refer to holding for the items, in that direction only. No row, no query.';--> statement-breakpoint
COMMENT ON COLUMN "institution"."number" IS '10 digits: prefecture, fee table, number; care providers by their own 10-character number.';--> statement-breakpoint
COMMENT ON TABLE "policy" IS '閲覧設定. The version in force is the newest whose effective_from has come.';--> statement-breakpoint
COMMENT ON TABLE "directory" IS 'Signed snapshots of regions, keys and institutions; versions only rise.';--> statement-breakpoint
COMMENT ON TABLE "epoch" IS 'Raised by every change a decision rests on; a release locks its rows shared and compares before it commits.';
