-- Run once by a superuser: psql -f deploy/database.sql. Then give each role that signs in a
-- password: psql -c '\password cuaso_app'.
create role cuaso_owner login;
create role cuaso_app login bypassrls;
create role cuaso_reader login;
create role cuaso_auditor login;
-- Text is compared byte by byte: the house keeps the order of Vietnamese in columns of its own.
create database cuaso owner cuaso_owner template template0 encoding 'UTF8' lc_collate 'C';
\connect cuaso
create extension pg_trgm;
create extension unaccent;
create extension btree_gist;
create extension postgis;
