-- No decision reads the resource's text, which is five sixths of a row: kept beside it, six times as many consents lie
-- on a page, and those of millions of residents in the memory of one server.
ALTER TABLE "consent" ALTER COLUMN "resource" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "consent" SET (toast_tuple_target = 512);
