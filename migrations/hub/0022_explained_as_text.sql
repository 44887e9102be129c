-- Written for every link, read when somebody asks: as jsonb it was taken apart each time and never looked into.
ALTER TABLE "link_event" ALTER COLUMN "explanation" SET DATA TYPE json;
