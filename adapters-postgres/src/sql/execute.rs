//! How stores run their statements: in a batch on PostgreSQL, alone on SQLite and in transactions.

use sea_orm::{ConnectionTrait, DatabaseTransaction, ExecResult};

use crate::Database;
use crate::fault::Fault;

use super::request::{Key, Request};
use super::row::Row;
use super::statement::{Change, List, LookUp, Statement};

impl Database {
    /// The rows at some moment after this call.
    pub(crate) async fn look_up<Q: Request, R: Row>(
        &self,
        look_up: &'static LookUp<Q, R>,
        request: Q,
    ) -> Result<Option<R>, Fault> {
        let (statement, keys) = (look_up.statement(), request.into_keys());
        match &self.batches {
            Some(batches) => batches.request(statement, keys).await?.map(|reply| reply.read()).transpose(),
            None => self.find(statement, keys, &self.reader).await,
        }
    }

    /// The rows that a transaction sees.
    pub(crate) async fn look_up_in<Q: Request, R: Row>(
        &self,
        transaction: &DatabaseTransaction,
        look_up: &'static LookUp<Q, R>,
        request: Q,
    ) -> Result<Option<R>, Fault> {
        self.find(look_up.statement(), request.into_keys(), transaction).await
    }

    /// A page of a list.
    pub(crate) async fn list_page<Q: Request, R: Row>(
        &self,
        list: &'static List<Q, R>,
        request: Q,
    ) -> Result<Vec<R>, Fault> {
        let page = self.alone(list.statement(), request.into_keys());
        let rows = self.reader.query_all_raw(page).await?;
        Ok(rows.iter().map(|row| R::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    /// Changes something together with other requests. False if nothing was changed: a condition was not met, another
    /// transaction has locked a row, or this is SQLite. The caller then goes step by step, which also tells why.
    pub(crate) async fn change_in_bulk<Q: Request>(
        &self,
        change: &'static Change<Q>,
        request: Q,
    ) -> Result<bool, Fault> {
        let Some(batches) = &self.batches else {
            return Ok(false);
        };
        match batches.request(change.statement(), request.into_keys()).await.map_err(Fault::from) {
            Ok(reply) => {
                let changed = reply.is_some();
                if changed {
                    self.wrote();
                }
                Ok(changed)
            }
            // The statement changed nothing. Each request is repeated alone, so only the one that caused the fault fails.
            Err(Fault::Shared(fault)) if fault.may_succeed_alone() => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// Makes a change of a transaction; how many rows were changed.
    pub(crate) async fn change_in<Q: Request>(
        &self,
        transaction: &DatabaseTransaction,
        change: &'static Change<Q>,
        request: Q,
    ) -> Result<u64, Fault> {
        Ok(self.execute(change.statement(), request.into_keys(), transaction).await?.rows_affected())
    }

    /// Makes a change that has no condition.
    pub(crate) async fn change<Q: Request>(
        &self,
        change: &'static Change<Q>,
        request: Q,
    ) -> Result<(), Fault> {
        let (statement, keys) = (change.statement(), request.into_keys());
        if let Some(batches) = &self.batches {
            match batches.request(statement, keys.clone()).await.map_err(Fault::from) {
                Ok(_done) => {
                    self.wrote();
                    return Ok(());
                }
                Err(Fault::Shared(fault)) if fault.may_succeed_alone() => {}
                Err(fault) => return Err(fault),
            }
        }
        self.execute(statement, keys, &self.writer).await?;
        Ok(())
    }

    async fn find<R: Row>(
        &self,
        statement: Statement,
        keys: Vec<Key>,
        connection: &impl ConnectionTrait,
    ) -> Result<Option<R>, Fault> {
        let found = connection.query_one_raw(self.alone(statement, keys)).await?;
        Ok(found.map(|row| R::from_query_result(&row, "")).transpose()?)
    }

    async fn execute(
        &self,
        statement: Statement,
        keys: Vec<Key>,
        connection: &impl ConnectionTrait,
    ) -> Result<ExecResult, Fault> {
        Ok(connection.execute_raw(self.alone(statement, keys)).await?)
    }

    /// The statement for one request.
    fn alone(&self, statement: Statement, keys: Vec<Key>) -> sea_orm::Statement {
        let text = self.texts.for_one(statement);
        let backend = self.writer.get_database_backend();
        sea_orm::Statement::from_sql_and_values(backend, &*text, keys.into_iter().map(Into::into))
    }
}
