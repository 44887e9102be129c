CREATE TABLE "login_end" (
	"user" text PRIMARY KEY NOT NULL,
	"ended_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "standing_elsewhere" (
	"local_id" text PRIMARY KEY NOT NULL,
	"protected" boolean NOT NULL,
	"deceased_on" date,
	"letter" bigint NOT NULL,
	"received_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "desk_entry_waiting";--> statement-breakpoint
CREATE INDEX "login_end_by_time" ON "login_end" USING btree ("ended_at");--> statement-breakpoint
CREATE INDEX "desk_entry_unfed" ON "desk_entry" USING btree ("entered_at","receipt") WHERE "desk_entry"."state" = 'counted' and "desk_entry"."fed_at" is null;--> statement-breakpoint
CREATE INDEX "session_by_user" ON "session" USING btree (("login" ->> 'user'));--> statement-breakpoint
CREATE INDEX "desk_entry_waiting" ON "desk_entry" USING btree ("entered_at","receipt") WHERE "desk_entry"."state" = 'waiting';--> statement-breakpoint
COMMENT ON TABLE "standing_elsewhere" IS 'It narrows beside registration_copy and never replaces it; of two letters the one with the higher number counts.';--> statement-breakpoint
COMMENT ON COLUMN "login_end"."ended_at" IS 'Who proved who they are at this moment or before has to log in anew.';